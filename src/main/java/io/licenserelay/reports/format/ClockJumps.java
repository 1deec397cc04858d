package io.licenserelay.reports.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.reports.ReportEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reports that tell of a jump of their device's clock: {@code clock_change_delta} in a measurement, or one that was logged
 * before the usage in it began. Both are seen in published samples; the delta's unit is not documented.
 */
public final class ClockJumps {
    /** A device that never reports again does not stay an incident for ever. */
    private static final Duration STANDS = Duration.ofDays(30);

    private static final int MOST_NAMED = 5;

    private ClockJumps() {}

    /** What in the measurements tells of one; null when nothing does. */
    static @Nullable String in(JsonNode measurements) {
        int number = 0;
        for (JsonNode each : measurements) {
            number++;
            String delta = each.at("/meta/clock_change_delta").asText("");
            if (delta.matches("[+-]?\\d{1,18}") && Long.parseLong(delta) != 0) {
                return "measurement " + number + " has clock_change_delta " + delta;
            }
            JsonNode logged = each.path("log_time");
            JsonNode started = each.path("start_time");
            if (logged.canConvertToLong()
                    && started.canConvertToLong()
                    && logged.isIntegralNumber()
                    && logged.longValue() < started.longValue()) {
                return "measurement " + number + " was logged " + (started.longValue() - logged.longValue())
                        + " s before its usage began";
            }
        }
        return null;
    }

    /** Devices of the site whose newest report still tells of a jump. */
    public static Optional<Finding> standing(Handle tx, Site site, Clock clock) {
        Instant since = clock.instant().minus(STANDS);
        List<String> jumps = tx.createQuery("SELECT * FROM report r WHERE r.site = :site AND r.clock_jump IS NOT NULL"
                        + " AND r.received_at > :since AND NOT EXISTS (SELECT 1 FROM report n WHERE n.site = r.site"
                        + " AND n.pid = r.pid AND n.serial = r.serial AND n.ends_at > r.ends_at"
                        + " AND n.clock_jump IS NULL) ORDER BY r.received_at, r.digest LIMIT :most")
                .bind("site", site.name())
                .bind("since", since.toEpochMilli())
                .bind("most", MOST_NAMED + 1)
                .map((row, context) -> {
                    ReportEntry report = ReportEntry.of(row);
                    return report.udi() + ", report " + report.digest().substring(0, 8) + ": " + report.clockJump();
                })
                .list();
        if (jumps.isEmpty()) {
            return Optional.empty();
        }
        String named = String.join("; ", jumps.subList(0, Math.min(MOST_NAMED, jumps.size())));
        return Optional.of(
                new Finding(Findings.REPORT_CLOCK_JUMPED, jumps.size() > MOST_NAMED ? named + "; and more" : named));
    }
}
