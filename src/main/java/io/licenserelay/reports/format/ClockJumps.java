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
 * Detects a clock jump of a device from its reports: {@code clock_change_delta} in a measurement, or a measurement that
 * was logged before its usage began. Both occur in published samples. The unit of the delta is not documented.
 */
public final class ClockJumps {
    /** Limits the incident of a device that never reports again. */
    private static final Duration MAX_AGE = Duration.ofDays(30);

    private static final int MAX_NAMED = 5;

    private ClockJumps() {}

    /** Describes the first clock jump in the measurements; null if there is none. */
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

    /** The devices of the site whose newest report shows a clock jump. */
    public static Optional<Finding> standing(Handle tx, Site site, Clock clock) {
        Instant since = clock.instant().minus(MAX_AGE);
        List<String> jumps = tx.createQuery("SELECT * FROM report r WHERE r.site = :site AND r.clock_jump IS NOT NULL"
                        + " AND r.received_at > :since AND NOT EXISTS (SELECT 1 FROM report n WHERE n.site = r.site"
                        + " AND n.pid = r.pid AND n.serial = r.serial AND n.ends_at > r.ends_at"
                        + " AND n.clock_jump IS NULL) ORDER BY r.received_at, r.digest LIMIT :most")
                .bind("site", site.name())
                .bind("since", since.toEpochMilli())
                .bind("most", MAX_NAMED + 1)
                .map((row, context) -> {
                    ReportEntry report = ReportEntry.of(row);
                    return report.udi() + ", report " + report.digest().substring(0, 8) + ": " + report.clockJump();
                })
                .list();
        if (jumps.isEmpty()) {
            return Optional.empty();
        }
        String named = String.join("; ", jumps.subList(0, Math.min(MAX_NAMED, jumps.size())));
        return Optional.of(
                new Finding(Findings.REPORT_CLOCK_JUMPED, jumps.size() > MAX_NAMED ? named + "; and more" : named));
    }
}
