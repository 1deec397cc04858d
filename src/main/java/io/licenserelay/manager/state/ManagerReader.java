package io.licenserelay.manager.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.logs.ManagerLines;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.manager.LoginRefused;
import io.licenserelay.manager.ManagerAnswer;
import io.licenserelay.manager.ManagerServer;
import io.licenserelay.manager.ManagerSession;
import io.licenserelay.manager.ReportedVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Manager's version, license settings and compliance, each from an endpoint that public sources show. If the Manager refuses one
 * of them, the others are still read. Used for one inspection.
 */
final class ManagerReader {
    private static final String JSON = "application/json";
    private static final String SYNC_COMPLETE = "sync complete";

    /** The texts of failures are not published. A reason that contains "sync" and one of these words counts as a failure. */
    private static final Pattern FAILURE_WORDS = Pattern.compile("fail|error|unable|denied|not in sync|out of sync");

    private static final int MAX_REASONS = 20;

    private final ManagerServer server;
    private final SdwanManager manager;
    private final Map<String, Object> details = new LinkedHashMap<>();
    private final List<Finding> bad = new ArrayList<>();
    private final List<Finding> good = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable HttpExchangeRecord refusedExchange;
    private @Nullable Boolean complete;
    private @Nullable Finding complianceFailure;
    private @Nullable SyncAttempts attempts;
    private @Nullable Throwable thrown;
    private boolean lacksTimestamps;

    ManagerReader(ManagerServer server) {
        this.server = server;
        this.manager = server.manager();
    }

    /** Reads a local log, even if the Manager refuses the login. */
    void readWithoutManager(ManagerLog log) {
        try {
            log.localLines().ifPresent(this::readAttempts);
        } catch (IOException unreadable) {
            notes.add("the Manager's log cannot be read: " + unreadable.getMessage());
        }
    }

    /** @param log null if it is not fetched */
    void read(ManagerSession session, @Nullable ManagerLog log) {
        String user = manager.user().name();
        good.add(new Finding(Findings.MANAGER_LOGGED_IN, host() + " accepted the login of " + user));
        try {
            readPart(() -> readVersion(session));
            readPart(() -> readSettings(session));
            readPart(() -> readCompliance(session));
            if (log != null && log.isFetched()) {
                readPart(() -> fetchLog(session, log));
            }
        } catch (IOException e) {
            thrown = e;
        }
    }

    void recordFailure(Throwable why) {
        thrown = why;
    }

    private interface Part {
        void read() throws IOException;
    }

    /** A refusal affects one part; no answer or a server error affects all parts. */
    private void readPart(Part part) throws IOException {
        try {
            part.read();
        } catch (LoginRefused | SsmUnavailable fatal) {
            throw fatal;
        } catch (SsmRefused refusal) {
            recordRefusal(refusal);
        }
    }

    private void recordRefusal(SsmException refusal) {
        HttpExchangeRecord exchange = refusal.exchange();
        if (exchange == null || exchange.status() == null || exchange.status() != 403) {
            notes.add(String.valueOf(refusal.getMessage()));
            return;
        }
        String phrase = refusal.getMessage() + " to " + manager.user().name() + " with a valid session";
        bad.add(new Finding(Findings.MANAGER_ROLE_MISSING, phrase));
        refusedExchange = refusedExchange == null ? exchange : refusedExchange;
    }

    private void readVersion(ManagerSession session) throws IOException {
        Optional<ReportedVersion> reported = ReportedVersion.read(server, session);
        if (reported.isEmpty()) {
            notes.add("the Manager reports no valid version");
            return;
        }
        ReportedVersion version = reported.get();
        details.put("version", version.text());
        boolean tooOld = version.isTooOld();
        String name = tooOld ? Findings.MANAGER_TOO_OLD : Findings.MANAGER_VERSION_WELL;
        (tooOld ? bad : good).add(new Finding(name, version.of(host())));
    }

    private void readSettings(ManagerSession session) throws IOException {
        JsonNode data = session.get("/dataservice/settings/configuration/smartLicensing", JSON)
                .json()
                .path("data");
        JsonNode settings = data.isArray() ? data.path(0) : data;
        String mode = ManagerAnswer.text(settings, "mode");
        String url = ManagerAnswer.text(settings, "ssmServerUrl");
        String client = ManagerAnswer.text(settings, "ssmClientId");
        if (mode == null) {
            notes.add("the Manager reports no license mode");
            return;
        }
        details.put("settings", mode + " " + (url == null ? "-" : url) + " " + (client == null ? "-" : client));
        List<String> differences = SettingsCheck.contradictions(server.site(), manager.ssmClient(), mode, url, client);
        if (differences.isEmpty()) {
            String owner = manager.ssmClient() == null
                    ? "; its client was not compared because manager.ssmClient is not set"
                    : "";
            good.add(new Finding(
                    Findings.MANAGER_SETTINGS_WELL, "the Manager's settings have the expected mode and SSM" + owner));
        } else {
            bad.add(new Finding(
                    Findings.MANAGER_SETTINGS_WRONG, "in the Manager's settings, " + String.join(", ", differences)));
        }
    }

    private void readCompliance(ManagerSession session) throws IOException {
        JsonNode data = session.get("/dataservice/msla/licenses/compliance", JSON)
                .json()
                .path("data");
        List<String> reasons = new ArrayList<>();
        for (JsonNode each : data.path("complianceStatus")) {
            String reason = ManagerAnswer.text(each, "reason");
            if (reason != null && reasons.size() < MAX_REASONS) {
                reasons.add(reason);
            }
        }
        String status = ManagerAnswer.text(data, "status");
        details.put(
                "compliance",
                (status == null ? "not reported" : status)
                        + reasons.stream().collect(Collectors.joining(", ", " (", ")")));
        complete = reasons.stream().anyMatch(SYNC_COMPLETE::equalsIgnoreCase);
        complianceFailure = reasons.stream()
                .filter(ManagerReader::reportsFailure)
                .findFirst()
                .map(reason -> new Finding(Findings.MANAGER_SYNC_FAILED, "the Manager's compliance reports: " + reason))
                .orElse(null);
    }

    private static boolean reportsFailure(String reason) {
        String lowerCase = reason.toLowerCase(Locale.ROOT);
        return lowerCase.contains("sync") && FAILURE_WORDS.matcher(lowerCase).find();
    }

    private void fetchLog(ManagerSession session, ManagerLog log) throws IOException {
        try {
            readAttempts(log.fetch(session));
        } catch (BadAnswer notFetched) {
            notes.add("the Manager's log was not fetched: " + notFetched.getMessage());
        }
    }

    private void readAttempts(List<ManagerLines.Line> lines) {
        lacksTimestamps = !lines.isEmpty() && lines.stream().allMatch(line -> line.at() == null);
        if (lacksTimestamps) {
            notes.add("the timestamps of the Manager's log have an ambiguous zone: set the zone of that log");
        }
        attempts = SyncAttempts.of(lines, server.clock().instant());
    }

    /** The sync history, updated with this inspection. */
    SyncHistory history(SyncHistory before, Instant now) {
        return before.updatedWith(attempts, complete, now);
    }

    ManagerState readState(@Nullable SyncHistory history, Instant now) {
        List<Finding> wrong = new ArrayList<>(bad);
        List<Finding> right = new ArrayList<>(good);
        Instant failedAt = null;
        Optional<Finding> sync =
                history == null ? Optional.empty() : history.finding(manager.log() != null && !lacksTimestamps, now);
        if (history != null && history.failed(now)) {
            failedAt = history.failedAt();
        } else if (complianceFailure != null) {
            sync = Optional.of(complianceFailure);
        }
        if (sync.isEmpty() && thrown == null) {
            notes.add(
                    manager.log() == null
                            ? "the age of the Manager's last sync is unknown: no log of the Manager is configured (logs: source manager-api, or a file or syslog named manager)"
                            : "the age of the Manager's last sync is not yet known");
        }
        sync.ifPresent(found -> (found.name().equals(Findings.MANAGER_SYNCED) ? right : wrong).add(found));
        if (history != null && history.goodAt() != null) {
            details.put("lastGoodSync", history.goodAt().toString());
        }
        return new ManagerState(
                now,
                Map.copyOf(details),
                List.copyOf(wrong),
                List.copyOf(right),
                List.copyOf(notes),
                thrown,
                refusedExchange,
                failedAt);
    }

    private String host() {
        return manager.url().getHost();
    }
}
