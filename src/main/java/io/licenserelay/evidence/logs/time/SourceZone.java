package io.licenserelay.evidence.logs.time;

import io.licenserelay.evidence.logs.line.Stamp.Origin;
import io.licenserelay.evidence.logs.line.ZoneAbbreviations;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The zone of a log's timestamps that have none, and its origin. */
public record SourceZone(ZoneId zone, Origin origin) {

    /** The configured zone, or UTC if there is none. */
    public static SourceZone configuredOrUtc(@Nullable ZoneId configured) {
        return configured == null
                ? new SourceZone(ZoneOffset.UTC, Origin.ASSUMED)
                : new SourceZone(configured, Origin.CONFIGURED);
    }

    /** The offset of a local time and its origin; empty if its abbreviation is ambiguous. */
    Optional<LocalOffset> offset(@Nullable String abbreviation, LocalDateTime local) {
        if (abbreviation == null) {
            List<ZoneOffset> valid = zone.getRules().getValidOffsets(local);
            // In the repeated hour at the end of daylight saving time both offsets are valid. The first is used, and
            // the result is marked as ambiguous.
            return Optional.of(new LocalOffset(zone.getRules().getOffset(local), origin, valid.size() > 1));
        }
        if (abbreviation.charAt(0) == '+' || abbreviation.charAt(0) == '-') {
            return Optional.of(new LocalOffset(ZoneOffset.of(abbreviation), Origin.LINE, false));
        }
        if (abbreviation.indexOf('/') > 0) {
            return region(abbreviation, local);
        }
        boolean unambiguous = ZoneAbbreviations.isUnambiguous(abbreviation, zone);
        return ZoneAbbreviations.offset(abbreviation, local, zone)
                .map(offset -> new LocalOffset(offset, unambiguous ? Origin.LINE : origin, false));
    }

    private static Optional<LocalOffset> region(String name, LocalDateTime local) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            return Optional.empty();
        }
        ZoneRules rules = ZoneId.of(name).getRules();
        boolean ambiguous = rules.getValidOffsets(local).size() > 1;
        return Optional.of(new LocalOffset(rules.getOffset(local), Origin.LINE, ambiguous));
    }

    /** @param ambiguous whether the local time occurs twice on that day, so that the offset is uncertain */
    record LocalOffset(ZoneOffset offset, Origin origin, boolean ambiguous) {}
}
