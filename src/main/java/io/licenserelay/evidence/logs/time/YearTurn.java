package io.licenserelay.evidence.logs.time;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The turn of the year, from the order of lines without year: {@code Feb 3} after {@code Nov 3} is in the next year.
 *
 * @param newest the last day of the lines; empty if every line has its year
 * @param turned whether the year changes between two lines
 * @param beforeTurn the last day before the turn; empty if there is no turn
 * @param consistent false if the days decrease more than once, or by more than a year, as after a clock reset
 */
record YearTurn(Optional<RawStamp> newest, boolean turned, Optional<RawStamp> beforeTurn, boolean consistent) {
    /** Lines of several programs, or of a machine that was disconnected, are not strictly in order. */
    private static final int DISORDER_DAYS = 31;

    private static final int DAYS = 366;

    /** @param headers headers in the order of the file */
    static YearTurn of(List<LineHeader> headers) {
        List<Dated> days = new ArrayList<>();
        int turns = 0;
        for (LineHeader header : headers) {
            RawStamp stamp = header.stamp();
            if (stamp == null || stamp.year() != null || header.received() != null || isKnown(stamp, header.inner())) {
                continue;
            }
            int day = LocalDate.of(2024, stamp.month(), stamp.day()).getDayOfYear();
            int back = days.isEmpty() ? 0 : days.get(days.size() - 1).day - day;
            turns += back > DISORDER_DAYS ? 1 : back < DISORDER_DAYS - DAYS ? -1 : 0;
            days.add(new Dated(stamp, day, turns));
        }
        return ofDays(days);
    }

    private static YearTurn ofDays(List<Dated> days) {
        if (days.isEmpty()) {
            return new YearTurn(Optional.empty(), false, Optional.empty(), true);
        }
        List<Integer> years = days.stream().map(Dated::year).distinct().toList();
        int last = Collections.max(years);
        List<Dated> newer = days.stream().filter(day -> day.year == last).toList();
        List<Dated> older = days.stream().filter(day -> day.year != last).toList();
        Dated newest = latest(newer);
        if (older.isEmpty()) {
            return new YearTurn(Optional.of(newest.stamp), false, Optional.empty(), true);
        }
        // One more day, because the time may be near midnight in either year.
        boolean withinYear = older.stream().allMatch(day -> day.day > newest.day + 1);
        return new YearTurn(
                Optional.of(newest.stamp), true, Optional.of(latest(older).stamp), years.size() == 2 && withinYear);
    }

    private static Dated latest(List<Dated> days) {
        return days.stream().reduce((a, b) -> b.day >= a.day ? b : a).orElseThrow();
    }

    private static boolean isKnown(RawStamp stamp, @Nullable RawStamp inner) {
        return inner != null && inner.year() != null && inner.sameDay(stamp);
    }

    /**
     * @param day day number in a leap year
     * @param year year relative to that of the first line
     */
    private record Dated(RawStamp stamp, int day, int year) {}
}
