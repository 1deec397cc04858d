package io.licenserelay.evidence.logs.time;

import io.licenserelay.evidence.logs.format.ProvenFormats;
import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.line.RawStamp;
import io.licenserelay.evidence.logs.line.Stamp;
import io.licenserelay.evidence.logs.line.Stamp.Origin;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Determines the times of the lines of one file. A timestamp without year is of the latest such day before the last write to the file, or
 * before a later line. A timestamp without zone is in the log's zone.
 */
public final class Stamps {
    /** Far enough back to include a February 29. */
    private static final int YEARS_BACK = 8;

    /** A message normally arrives within this time. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private final SourceZone zone;
    private final LocalDate newest;
    private final Origin year;
    private final Set<String> doubts;
    private final ProvenFormats formats;
    private final boolean yearsReadable;

    /**
     * @param newest no line is later than this
     * @param year the origin of that knowledge
     */
    public Stamps(SourceZone zone, Instant newest, Origin year) {
        this(zone, newest, year, ProvenFormats.NONE);
    }

    /** @param formats formats of the file */
    public Stamps(SourceZone zone, Instant newest, Origin year, ProvenFormats formats) {
        this(zone, withTolerance(zone, newest), year, new LinkedHashSet<>(formats.doubts()), formats, true);
    }

    private Stamps(
            SourceZone zone,
            LocalDate newest,
            Origin year,
            Set<String> doubts,
            ProvenFormats formats,
            boolean yearsReadable) {
        this.zone = zone;
        this.newest = newest;
        this.year = year;
        this.doubts = doubts;
        this.formats = formats;
        this.yearsReadable = yearsReadable;
    }

    /** One day of tolerance, because the writer's clock and zone may differ from this machine's. */
    private static LocalDate withTolerance(SourceZone zone, Instant newest) {
        return newest.atZone(zone.zone()).toLocalDate().plusDays(1);
    }

    /** For lines before a line of this time. */
    public Stamps before(Instant later) {
        LocalDate narrowed = withTolerance(zone, later);
        return narrowed.isBefore(newest)
                ? new Stamps(zone, narrowed, Origin.NEIGHBOUR, doubts, formats, yearsReadable)
                : this;
    }

    /** For lines of which none is of a later day than this one, which has no year. */
    Stamps notAfter(RawStamp last) {
        return latestDay(last.month(), last.day())
                .map(day -> day.plusDays(1))
                .filter(day -> day.isBefore(newest))
                .map(day -> new Stamps(zone, day, year, doubts, formats, yearsReadable))
                .orElse(this);
    }

    /** For lines in contradictory order: timestamps without year are not read. */
    Stamps withoutYears() {
        doubts.add(
                "the days of its lines decrease more than once or by more than a year: lines without year have no time");
        return new Stamps(zone, newest, year, doubts, formats, false);
    }

    /**
     * Whether a timestamp without year would be of the day of the last write, or of the day before, and later than a timestamp below it.
     */
    boolean isOfNewestDay(RawStamp above, RawStamp below) {
        Optional<LocalDate> later = latestDay(below.month(), below.day());
        return latestDay(above.month(), above.day())
                .filter(day -> !day.isBefore(newest.minusDays(2)))
                .filter(day -> later.isPresent() && day.isAfter(later.get()))
                .isPresent();
    }

    /** The header of a line in a format of the file. */
    public Optional<LineHeader> header(String line) {
        return formats.header(line);
    }

    public SourceZone zone() {
        return zone;
    }

    /** Uncertainties of the lines read so far. */
    public Set<String> doubts() {
        return doubts;
    }

    public Optional<Stamp> of(String line) {
        return header(line).flatMap(this::of);
    }

    /** The time of the first line with a readable timestamp. */
    public Optional<Instant> first(byte[] bytes, int from) {
        Optional<Instant> first = Optional.empty();
        for (int start = from; start < bytes.length && first.isEmpty(); ) {
            RawLine line = RawLine.first(bytes, start);
            first = of(line.text()).map(Stamp::at);
            start = line.end() + 1;
        }
        return first;
    }

    /** Empty if the header has no timestamp, or an ambiguous one. */
    public Optional<Stamp> of(LineHeader header) {
        RawStamp raw = header.stamp();
        if (raw == null) {
            return Optional.empty();
        }
        Optional<Dated> dated = dated(raw, header.inner(), header.received());
        dated.ifPresent(date -> compare(header.inner(), date));
        Optional<Stamp> stamp = dated.flatMap(date -> stamp(raw, date));
        stamp.ifPresent(own -> compare(own, header.received()));
        return stamp;
    }

    private void compare(Stamp own, @Nullable Instant received) {
        if (received != null && Duration.between(own.at(), received).abs().compareTo(SOON) > 0) {
            doubts.add("the receive time of lines differs by more than " + SOON.toSeconds()
                    + " s from their own timestamps, which are used:"
                    + " the sender's clock or zone differs, or the lines were delayed");
        }
    }

    private Optional<Stamp> stamp(RawStamp raw, Dated date) {
        LocalDateTime local = date.day().atTime(raw.time());
        Optional<SourceZone.LocalOffset> offset = offset(raw, local);
        return offset.map(known -> new Stamp(
                local.toInstant(known.offset()),
                known.ambiguous() ? raw.resolution().plus(Duration.ofHours(1)) : raw.resolution(),
                known.origin(),
                date.year()));
    }

    private Optional<SourceZone.LocalOffset> offset(RawStamp raw, LocalDateTime local) {
        try {
            Optional<SourceZone.LocalOffset> offset = zone.offset(raw.zone(), local);
            if (offset.isEmpty()) {
                doubts.add("the zone " + raw.zone() + " of its timestamps is not "
                        + (zone.origin() == Origin.CONFIGURED ? "the configured " : "") + zone.zone()
                        + " and is ambiguous: set the log's zone");
            }
            return offset;
        } catch (DateTimeException noSuchOffset) {
            return Optional.empty();
        }
    }

    private Optional<Dated> dated(RawStamp raw, @Nullable RawStamp inner, @Nullable Instant received) {
        if (raw.year() != null) {
            return Optional.of(new Dated(LocalDate.of(raw.year(), raw.month(), raw.day()), Origin.LINE));
        }
        if (inner != null && inner.year() != null && inner.sameDay(raw)) {
            return Optional.of(new Dated(LocalDate.of(inner.year(), raw.month(), raw.day()), Origin.LINE));
        }
        if (received != null) {
            return nearest(raw, LocalDate.ofInstant(received, ZoneOffset.UTC))
                    .map(day -> new Dated(day, Origin.RECEIVED));
        }
        return yearsReadable ? latestDay(raw.month(), raw.day()).map(day -> new Dated(day, year)) : Optional.empty();
    }

    /** The day with this month and day that is nearest to another day. */
    private static Optional<LocalDate> nearest(RawStamp raw, LocalDate to) {
        return IntStream.rangeClosed(to.getYear() - 1, to.getYear() + 1)
                .filter(each -> raw.day() <= LocalDate.of(each, raw.month(), 1).lengthOfMonth())
                .mapToObj(each -> LocalDate.of(each, raw.month(), raw.day()))
                .min(Comparator.comparingLong(day -> Math.abs(ChronoUnit.DAYS.between(day, to))));
    }

    private Optional<LocalDate> latestDay(int month, int day) {
        for (int each = newest.getYear(); each > newest.getYear() - YEARS_BACK; each--) {
            boolean exists = day <= LocalDate.of(each, month, 1).lengthOfMonth();
            if (exists && !LocalDate.of(each, month, day).isAfter(newest)) {
                return Optional.of(LocalDate.of(each, month, day));
            }
        }
        return Optional.empty();
    }

    private void compare(@Nullable RawStamp inner, Dated outer) {
        if (inner == null || inner.year() == null) {
            return;
        }
        LocalDate within = LocalDate.of(inner.year(), inner.month(), inner.day());
        // The zones may differ by a day.
        if (Math.abs(ChronoUnit.DAYS.between(within, outer.day())) > 1) {
            doubts.add("a timestamp within a line (" + within + ") contradicts the line's own timestamp (" + outer.day()
                    + "), which is used");
        }
    }

    private record Dated(LocalDate day, Origin year) {}
}
