package io.licenserelay.evidence.logs.time;

import io.licenserelay.evidence.logs.format.ProvenFormats;
import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import io.licenserelay.evidence.logs.line.SafeText;
import io.licenserelay.evidence.logs.line.Stamp.Origin;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The evidence for the year and zone of a file's timestamps, from a few lines and from the file's time.
 *
 * @param headers headers of the lines that have one, oldest first
 * @param formats formats of the file
 * @param last whether the lines are the last ones of the file; if not, later lines follow
 */
public record StampHints(List<LineHeader> headers, ProvenFormats formats, boolean last, Instant modified) {
    private static final Duration HALF_A_YEAR = Duration.ofDays(183);

    /** The file's time is the time of its last write, which immediately follows the line's timestamp. */
    private static final Duration MAX_WRITE_DELAY = Duration.ofSeconds(5);

    /** A larger difference of clocks makes the zone uncertain. */
    private static final Duration MAX_RECEIVE_DELAY = Duration.ofMinutes(2);

    private static final long QUARTER = Duration.ofMinutes(15).toSeconds();
    private static final long FURTHEST_EAST = Duration.ofHours(14).toSeconds();
    private static final long FURTHEST_WEST = -Duration.ofHours(12).toSeconds();

    /** From the last lines of a file. */
    public static StampHints of(List<String> lines, Instant modified) {
        return of(List.of(), lines, modified);
    }

    /** From the last lines of a file, with its first lines as further proof of the formats. */
    public static StampHints of(List<String> first, List<String> last, Instant modified) {
        return of(Stream.concat(first.stream(), last.stream()).toList(), last, true, modified);
    }

    /** From the first lines of a file whose end is unknown. */
    public static StampHints ofBeginning(List<String> first, Instant modified) {
        return of(first, first, false, modified);
    }

    private static StampHints of(List<String> proof, List<String> lines, boolean last, Instant modified) {
        ProvenFormats formats =
                ProvenFormats.of(proof.stream().map(SafeText::of).toList(), modified);
        List<LineHeader> headers = lines.stream()
                .map(SafeText::of)
                .map(formats::header)
                .flatMap(Optional::stream)
                .filter(header -> header.stamp() != null)
                .toList();
        return new StampHints(headers, formats, last, modified);
    }

    /** @param notAfter a known time that no line of the file exceeds, in addition to the file's time; or null */
    public Stamps stamps(@Nullable ZoneId configured, @Nullable Instant notAfter) {
        return withZoneNote(zone(configured), notAfter);
    }

    /** For lines with an unknown write time: their zone is UTC unless they contain another. */
    public Stamps stampsOfText() {
        return withZoneNote(received().orElseGet(() -> SourceZone.configuredOrUtc(null)), null);
    }

    private Stamps withZoneNote(SourceZone zone, @Nullable Instant notAfter) {
        Stamps stamps = stamps(zone, notAfter);
        boolean allHaveZone =
                headers.stream().map(LineHeader::stamp).allMatch(stamp -> stamp == null || stamp.zone() != null);
        if (zone.origin() == Origin.ASSUMED && !allHaveZone) {
            stamps.doubts().add("its timestamps have no zone and none is configured: they are read as UTC");
        }
        return stamps;
    }

    public Stamps stamps(SourceZone zone, @Nullable Instant notAfter) {
        Stamps byTime = new Stamps(zone, modified, Origin.FILE_TIME, formats);
        Optional<Instant> year = year();
        // A known day determines the year of every day within six months; the time of a copied file is less certain.
        Stamps byYear = year.map(day -> byTime.before(day.plus(HALF_A_YEAR))).orElse(byTime);
        return byOrder(notAfter == null ? byYear : byYear.before(notAfter));
    }

    /** No line is of a later day than the last lines, even if the file was copied later. */
    private Stamps byOrder(Stamps stamps) {
        YearTurn turn = YearTurn.of(headers);
        // If the file was written on the day before the turn of the year, its lines may instead come from a clock
        // that was reset.
        boolean reset = turn.beforeTurn()
                .flatMap(above -> turn.newest().filter(below -> stamps.isOfNewestDay(above, below)))
                .isPresent();
        if (!turn.consistent() || reset || turn.turned() && !last) {
            return stamps.withoutYears();
        }
        return last ? turn.newest().map(stamps::notAfter).orElse(stamps) : stamps;
    }

    /** A day with a known year: a program wrote the same day again with its year. */
    private Optional<Instant> year() {
        for (int i = headers.size() - 1; i >= 0; i--) {
            RawStamp outer = headers.get(i).stamp();
            RawStamp inner = headers.get(i).inner();
            if (outer != null && inner != null && inner.year() != null && outer.sameDay(inner)) {
                return Optional.of(LocalDate.of(inner.year(), inner.month(), inner.day())
                        .atStartOfDay()
                        .toInstant(ZoneOffset.UTC));
            }
        }
        return Optional.empty();
    }

    /** The zone from the receive times; otherwise from the time of the file. */
    private SourceZone zone(@Nullable ZoneId configured) {
        if (configured != null) {
            return SourceZone.configuredOrUtc(configured);
        }
        return received()
                .or(() -> ofFile().map(offset -> new SourceZone(offset, Origin.FILE_TIME)))
                .orElseGet(() -> SourceZone.configuredOrUtc(null));
    }

    /** The offset that matches most lines with a known receive time. */
    private Optional<SourceZone> received() {
        Map<ZoneOffset, Long> fitting = headers.stream()
                .flatMap(header -> offset(header.stamp(), header.received(), MAX_RECEIVE_DELAY).stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return fitting.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(best -> new SourceZone(best.getKey(), Origin.RECEIVED));
    }

    /** The offset at which the newest timestamp equals the file's time. A single line may also be older. */
    private Optional<ZoneOffset> ofFile() {
        LineHeader newest = headers.size() < 2 ? null : headers.get(headers.size() - 1);
        return newest == null || newest.received() != null
                ? Optional.empty()
                : offset(newest.stamp(), modified, MAX_WRITE_DELAY);
    }

    /** Zone offsets are multiples of 15 minutes, which separates them from delays. */
    private static Optional<ZoneOffset> offset(@Nullable RawStamp stamp, @Nullable Instant at, Duration maxDelay) {
        if (stamp == null || at == null) {
            return Optional.empty();
        }
        LocalDateTime written = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        int year = stamp.year() == null ? written.getYear() : stamp.year();
        // At the turn of the year, the year may be the next or the previous one.
        for (int each : stamp.year() == null ? new int[] {year, year - 1, year + 1} : new int[] {year}) {
            if (stamp.day() > LocalDate.of(each, stamp.month(), 1).lengthOfMonth()) {
                continue;
            }
            LocalDateTime local = LocalDate.of(each, stamp.month(), stamp.day()).atTime(stamp.time());
            long ahead = Duration.between(written, local).toSeconds();
            long quarters = Math.round((double) ahead / QUARTER) * QUARTER;
            boolean fits = Math.abs(ahead - quarters) <= maxDelay.toSeconds();
            if (fits && quarters <= FURTHEST_EAST && quarters >= FURTHEST_WEST) {
                return Optional.of(ZoneOffset.ofTotalSeconds((int) quarters));
            }
        }
        return Optional.empty();
    }
}
