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
 * What a few lines of a file and its time tell about the year and the zone of its stamps.
 *
 * @param headers of the lines that have one, oldest first, the newest last
 * @param formats of the file
 * @param last the lines are the last ones of the file; otherwise later ones follow
 */
public record StampHints(List<LineHeader> headers, ProvenFormats formats, boolean last, Instant modified) {
    private static final Duration HALF_A_YEAR = Duration.ofDays(183);

    /** A file's time is that of its last write, which follows the line's stamp at once. */
    private static final Duration WRITTEN_AT_ONCE = Duration.ofSeconds(5);

    /** Clocks that differ by more tell no zone for sure. */
    private static final Duration RECEIVED_SOON = Duration.ofMinutes(2);

    private static final long QUARTER = Duration.ofMinutes(15).toSeconds();
    private static final long FURTHEST_EAST = Duration.ofHours(14).toSeconds();
    private static final long FURTHEST_WEST = -Duration.ofHours(12).toSeconds();

    /** By the last lines of a file. */
    public static StampHints of(List<String> lines, Instant modified) {
        return of(List.of(), lines, modified);
    }

    /** By the last lines of a file, and its first ones as a further proof of the formats. */
    public static StampHints of(List<String> first, List<String> last, Instant modified) {
        return of(Stream.concat(first.stream(), last.stream()).toList(), last, true, modified);
    }

    /** By the first lines of a file whose end is not known. */
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

    /** @param notAfter an instant that no line of the file is later than, if one is known besides the file's time */
    public Stamps stamps(@Nullable ZoneId configured, @Nullable Instant notAfter) {
        return doubting(zone(configured), notAfter);
    }

    /** Of lines whose last write nobody knows: their zone is UTC unless they tell another. */
    public Stamps stampsOfText() {
        return doubting(received().orElseGet(() -> SourceZone.configuredOrUtc(null)), null);
    }

    private Stamps doubting(SourceZone zone, @Nullable Instant notAfter) {
        Stamps stamps = stamps(zone, notAfter);
        boolean says = headers.stream().map(LineHeader::stamp).allMatch(stamp -> stamp == null || stamp.zone() != null);
        if (zone.origin() == Origin.ASSUMED && !says) {
            stamps.doubts().add("its stamps have no zone and none is configured: they are read as UTC");
        }
        return stamps;
    }

    public Stamps stamps(SourceZone zone, @Nullable Instant notAfter) {
        Stamps byTime = new Stamps(zone, modified, Origin.FILE_TIME, formats);
        Optional<Instant> year = year();
        // Six months around a known day tell every day's year; a copied file's time tells less.
        Stamps byYear = year.map(day -> byTime.before(day.plus(HALF_A_YEAR))).orElse(byTime);
        return byOrder(notAfter == null ? byYear : byYear.before(notAfter));
    }

    /** No line is of a later day than the last ones, whenever the file was copied. */
    private Stamps byOrder(Stamps stamps) {
        YearTurn turn = YearTurn.of(headers);
        // A file written on the day above the turn may as well have lines of a clock that was reset.
        boolean reset = turn.beforeTurn()
                .flatMap(above -> turn.newest().filter(below -> stamps.isOfNewestDay(above, below)))
                .isPresent();
        if (!turn.clear() || reset || turn.turned() && !last) {
            return stamps.withoutYears();
        }
        return last ? turn.newest().map(stamps::notAfter).orElse(stamps) : stamps;
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

    /** What the moments of receiving tell, else the time of the file. */
    private SourceZone zone(@Nullable ZoneId configured) {
        if (configured != null) {
            return SourceZone.configuredOrUtc(configured);
        }
        return received()
                .or(() -> ofFile().map(offset -> new SourceZone(offset, Origin.FILE_TIME)))
                .orElseGet(() -> SourceZone.configuredOrUtc(null));
    }

    /** The offset that fits most lines of which is known when they were received. */
    private Optional<SourceZone> received() {
        Map<ZoneOffset, Long> fitting = headers.stream()
                .flatMap(header -> offset(header.stamp(), header.received(), RECEIVED_SOON).stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return fitting.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> new SourceZone(most.getKey(), Origin.RECEIVED));
    }

    /** The offset at which the newest stamp is the time of the file; a line alone may as well be as old as it looks. */
    private Optional<ZoneOffset> ofFile() {
        LineHeader newest = headers.size() < 2 ? null : headers.get(headers.size() - 1);
        return newest == null || newest.received() != null
                ? Optional.empty()
                : offset(newest.stamp(), modified, WRITTEN_AT_ONCE);
    }

    /** Quarters of an hour tell zones from delays. */
    private static Optional<ZoneOffset> offset(@Nullable RawStamp stamp, @Nullable Instant at, Duration late) {
        if (stamp == null || at == null) {
            return Optional.empty();
        }
        LocalDateTime written = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        int year = stamp.year() == null ? written.getYear() : stamp.year();
        // On New Year's Eve the year may be the next one or the one before.
        for (int each : stamp.year() == null ? new int[] {year, year - 1, year + 1} : new int[] {year}) {
            if (stamp.day() > LocalDate.of(each, stamp.month(), 1).lengthOfMonth()) {
                continue;
            }
            LocalDateTime local = LocalDate.of(each, stamp.month(), stamp.day()).atTime(stamp.time());
            long ahead = Duration.between(written, local).toSeconds();
            long quarters = Math.round((double) ahead / QUARTER) * QUARTER;
            boolean fits = Math.abs(ahead - quarters) <= late.toSeconds();
            if (fits && quarters <= FURTHEST_EAST && quarters >= FURTHEST_WEST) {
                return Optional.of(ZoneOffset.ofTotalSeconds((int) quarters));
            }
        }
        return Optional.empty();
    }
}
