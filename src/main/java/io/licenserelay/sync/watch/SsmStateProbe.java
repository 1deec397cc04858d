package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.inventory.model.SsmAlert;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.ShortText;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SSM's own state from the last pulls: its alerts, the age of its last synchronization with Cisco if an alert contains
 * it, and the expiry of the API client. The probe sends no request.
 *
 * <p>Reasons: {@code ok}, {@code worries}; {@code nothing-pulled} when skipped; {@code store} when the state cannot be
 * read.
 */
public final class SsmStateProbe implements Probe {
    private static final int MAX_ALERTS = 20;
    private static final int MAX_LENGTH = 200;
    private static final Pattern DAYS = Pattern.compile("(\\d{1,4}) days?\\b");

    private final @Nullable Database database;
    private final Clock clock;

    /** @param database null if it does not exist yet */
    public SsmStateProbe(@Nullable Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "ssm-state";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        try {
            Optional<Instant> pulled = database == null ? Optional.empty() : lastPull(database, target.site());
            return database == null || pulled.isEmpty()
                    ? nothing(target, Status.SKIPPED, "nothing-pulled", Map.of())
                    : state(target.site(), target, pulled.get(), alerts(database, target.site()));
        } catch (StoreFailed unreadable) {
            return nothing(target, Status.ERROR, "store", Map.of("error", String.valueOf(unreadable.getMessage())));
        }
    }

    private ProbeResult state(Site site, ProbeTarget target, Instant pulled, List<SsmAlert> alerts) {
        List<Finding> findings = new ArrayList<>(SsmAlertWords.findings(alerts));
        findings.addAll(ExpiryCheck.client(site, clock.instant()).stream().toList());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("lastGoodPull", pulled.toString());
        details.put(
                "alerts",
                alerts.stream().limit(MAX_ALERTS).map(SsmStateProbe::shown).toList());
        details.put("alertsInAll", alerts.size());
        daysSinceSynchronization(alerts).ifPresent(days -> details.put("daysSinceSynchronization", days));
        if (site.ssm().client().expires() != null) {
            details.put("clientExpires", site.ssm().client().expires().toString());
        }
        return new ProbeResult(
                name(),
                target.host(),
                findings.isEmpty() ? Status.OK : Status.FAILED,
                findings.isEmpty() ? "ok" : "worries",
                Map.of(),
                details,
                findings);
    }

    /**
     * The number of days in an alert about synchronization. The texts of alerts are not published, so no more can be
     * read from them.
     */
    private static OptionalInt daysSinceSynchronization(List<SsmAlert> alerts) {
        return alerts.stream()
                .filter(SsmAlertWords::isAboutSynchronization)
                .map(alert -> DAYS.matcher(alert.message()))
                .filter(Matcher::find)
                .mapToInt(days -> Integer.parseInt(days.group(1)))
                .max();
    }

    private static Map<String, Object> shown(SsmAlert alert) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("type", ShortText.of(alert.messageType(), MAX_LENGTH));
        shown.put("severity", ShortText.of(alert.severity(), MAX_LENGTH));
        shown.put("source", ShortText.of(alert.source(), MAX_LENGTH));
        shown.put("message", ShortText.of(alert.message(), MAX_LENGTH));
        return shown;
    }

    private static Optional<Instant> lastPull(Database database, Site site) {
        return database.read(tx -> tx.createQuery(
                        "SELECT MAX(finished_at) FROM run WHERE site = :site AND outcome IN ('complete', 'partial')")
                .bind("site", site.name())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli)
                .map(at -> at.truncatedTo(ChronoUnit.SECONDS)));
    }

    private static List<SsmAlert> alerts(Database database, Site site) {
        return database.read(
                tx -> tx.createQuery("SELECT a.message_type, a.severity, a.source, a.message FROM ssm_alert a"
                                + " JOIN place p ON p.id = a.place_id WHERE p.site = :site ORDER BY a.place_id, a.ordinal"
                                + " LIMIT 1000")
                        .bind("site", site.name())
                        .map((row, context) -> new SsmAlert(
                                row.getString("message_type"),
                                row.getString("severity"),
                                row.getString("source"),
                                row.getString("message")))
                        .list());
    }

    private ProbeResult nothing(ProbeTarget target, Status status, String reason, Map<String, Object> details) {
        return new ProbeResult(name(), target.host(), status, reason, Map.of(), details, List.of());
    }
}
