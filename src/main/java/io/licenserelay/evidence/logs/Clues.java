package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.logs.Stamp.Origin;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a few lines of a file and its time tell about the year and the zone of its stamps.
 *
 * @param headers of the lines that have one, oldest first, the newest last
 */
record Clues(List<Header> headers, Instant modified) {
    private static final Duration HALF_A_YEAR = Duration.ofDays(183);

    /** A file's time is that of its last write, which follows the line's stamp at once. */
    private static final Duration WRITTEN_AT_ONCE = Duration.ofSeconds(5);

    private static final long QUARTER = Duration.ofMinutes(15).toSeconds();
    private static final long FURTHEST_EAST = Duration.ofHours(14).toSeconds();
    private static final long FURTHEST_WEST = -Duration.ofHours(12).toSeconds();

    static Clues of(List<String> lines, Instant modified) {
        return new Clues(
                lines.stream()
                        .map(SafeText::of)
                        .map(LogFormat::of)
                        .flatMap(Optional::stream)
                        .filter(header -> header.stamp() != null)
                        .toList(),
                modified);
    }

    /** @param notAfter an instant that no line of the file is later than, if one is known besides the file's time */
    Stamps stamps(@Nullable ZoneId configured, @Nullable Instant notAfter) {
        SourceZone zone = SourceZone.of(configured, zone());
        Stamps stamps = stamps(zone, notAfter);
        boolean says = headers.stream().map(Header::stamp).allMatch(stamp -> stamp == null || stamp.zone() != null);
        if (zone.origin() == Origin.ASSUMED && !says) {
            stamps.doubts().add("its stamps have no zone and none is configured: they are read as UTC");
        }
        return stamps;
    }

    Stamps stamps(SourceZone zone, @Nullable Instant notAfter) {
        Stamps byTime = new Stamps(zone, modified, Origin.FILE_TIME);
        Optional<Instant> year = year();
        // Six months around a known day tell every day's year; a copied file's time tells less.
        Stamps byYear = year.map(day -> byTime.before(day.plus(HALF_A_YEAR))).orElse(byTime);
        return notAfter == null ? byYear : byYear.before(notAfter);
    }

    /** A day whose year is known, since a program wrote the same day again with its year. */
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

    /** The offset at which the newest stamp is the time of the file: quarters of an hour tell zones from delays. */
    private Optional<ZoneOffset> zone() {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        RawStamp newest = headers.get(headers.size() - 1).stamp();
        if (newest == null) {
            return Optional.empty();
        }
        LocalDateTime written = LocalDateTime.ofInstant(modified, ZoneOffset.UTC);
        int year = newest.year() == null ? written.getYear() : newest.year();
        // On New Year's Eve the year may be the next one or the one before.
        for (int each : newest.year() == null ? new int[] {year, year - 1, year + 1} : new int[] {year}) {
            if (newest.day() > LocalDate.of(each, newest.month(), 1).lengthOfMonth()) {
                continue;
            }
            LocalDateTime local =
                    LocalDate.of(each, newest.month(), newest.day()).atTime(newest.time());
            long ahead = Duration.between(written, local).toSeconds();
            long quarters = Math.round((double) ahead / QUARTER) * QUARTER;
            boolean fits = Math.abs(ahead - quarters) <= WRITTEN_AT_ONCE.toSeconds();
            if (fits && quarters <= FURTHEST_EAST && quarters >= FURTHEST_WEST) {
                return Optional.of(ZoneOffset.ofTotalSeconds((int) quarters));
            }
        }
        return Optional.empty();
    }
}
