package io.licenserelay.manager.state;

import io.licenserelay.evidence.logs.ManagerLines.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The syncs in the Manager's log. A published excerpt shows which classes write during a sync, but not the texts. So a sync is a series of
 * lines of the licensing classes on one thread while {@code RestAPIClient} sends requests. It failed if one of these lines has level ERROR;
 * otherwise it succeeded. Both conclusions are inferred.
 *
 * @param failedAt when the newest failed sync failed, or null if none failed
 * @param failedLine the first line that reports the failure
 * @param goodAt when the newest successful sync ended, or null if there is none
 */
record SyncAttempts(
        @Nullable Instant failedAt,
        @Nullable String failedLine,
        @Nullable Instant goodAt) {
    private static final String API_CLIENT = "RestAPIClient";
    private static final Set<String> LICENSING = Set.of(
            "SmartLicensingIntegrationManager", "SmartLicensingUtil", "SmartLicensingIntegrationRestfulResource");
    private static final Set<String> FAILURE_CLASSES = Set.of(
            API_CLIENT,
            "AbstractSettingsManager",
            "SmartLicensingIntegrationManager",
            "SmartLicensingUtil",
            "SmartLicensingIntegrationRestfulResource");

    /** A thread handles one request after the other, so a longer pause separates two attempts. */
    private static final Duration MAX_GAP = Duration.ofMinutes(5);

    /** An attempt whose last line is newer than this may still be running. */
    static final Duration MIN_AGE = Duration.ofMinutes(1);

    private static final int MAX_LINE_LENGTH = 300;

    /** Lines without a timestamp are ignored, because they do not show when a sync took place. */
    static SyncAttempts of(List<Line> lines, Instant now) {
        Reading reading = new Reading(now);
        lines.stream()
                .filter(line -> line.at() != null && FAILURE_CLASSES.contains(line.program()))
                .forEach(reading::line);
        reading.end();
        return new SyncAttempts(reading.failedAt, reading.failedLine, reading.goodAt);
    }

    /** Reads the lines once. */
    private static final class Reading {
        private final Instant now;
        private final Map<String, Attempt> byThread = new HashMap<>();
        private String thread = "";
        private @Nullable Instant failedAt;
        private @Nullable String failedLine;
        private @Nullable Instant goodAt;

        Reading(Instant now) {
            this.now = now;
        }

        void line(Line line) {
            Instant at = Objects.requireNonNull(line.at());
            // A line that is truncated before its thread belongs to the thread of the previous line.
            thread = line.thread().isEmpty() ? thread : line.thread();
            Attempt attempt = byThread.get(thread);
            if (attempt == null || Duration.between(attempt.last, at).compareTo(MAX_GAP) > 0) {
                if (attempt != null) {
                    finish(attempt);
                }
                attempt = new Attempt(at);
                byThread.put(thread, attempt);
            }
            attempt.last = at;
            attempt.hasApiCall |= line.program().equals(API_CLIENT);
            attempt.hasLicensing |= LICENSING.contains(line.program());
            if (line.level().equals("error") && attempt.error == null) {
                attempt.error = line.text();
                attempt.errorAt = at;
            }
        }

        void end() {
            byThread.values().forEach(this::finish);
        }

        private void finish(Attempt attempt) {
            if (attempt.error != null && attempt.hasLicensing) {
                if (failedAt == null || attempt.errorAt.isAfter(failedAt)) {
                    failedAt = attempt.errorAt;
                    failedLine = attempt.error.substring(0, Math.min(MAX_LINE_LENGTH, attempt.error.length()));
                }
            } else if (attempt.error == null
                    && attempt.hasApiCall
                    && attempt.hasLicensing
                    && !attempt.last.plus(MIN_AGE).isAfter(now)) {
                goodAt = goodAt == null || attempt.last.isAfter(goodAt) ? attempt.last : goodAt;
            }
        }
    }

    private static final class Attempt {
        private Instant last;
        private boolean hasApiCall;
        private boolean hasLicensing;
        private @Nullable String error;
        private Instant errorAt;

        Attempt(Instant begin) {
            this.last = begin;
            this.errorAt = begin;
        }
    }
}
