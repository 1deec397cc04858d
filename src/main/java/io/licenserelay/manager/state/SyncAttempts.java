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
 * What the Manager's log tells of its syncs. Which classes write during one is known from a published excerpt, the words are not: so a
 * sync is what the licensing classes say on one thread while {@code RestAPIClient} calls out, it failed if one of them says ERROR, and
 * else was good. Both are inferred.
 *
 * @param failedAt when the newest one failed; null when none did
 * @param failedLine its first line that says so
 * @param goodAt when the newest good one ended; null when none was seen
 */
record SyncAttempts(
        @Nullable Instant failedAt,
        @Nullable String failedLine,
        @Nullable Instant goodAt) {
    private static final String CALLS = "RestAPIClient";
    private static final Set<String> LICENSING = Set.of(
            "SmartLicensingIntegrationManager", "SmartLicensingUtil", "SmartLicensingIntegrationRestfulResource");
    private static final Set<String> TELLING = Set.of(
            CALLS,
            "AbstractSettingsManager",
            "SmartLicensingIntegrationManager",
            "SmartLicensingUtil",
            "SmartLicensingIntegrationRestfulResource");

    /** Threads serve one request after the other. */
    private static final Duration APART = Duration.ofMinutes(5);

    /** An attempt whose last line is newer may be under way still. */
    static final Duration SETTLED = Duration.ofMinutes(1);

    private static final int LONGEST = 300;

    /** Lines that do not tell their time say nothing of when a sync was, so they do not count. */
    static SyncAttempts of(List<Line> lines, Instant now) {
        Reading reading = new Reading(now);
        lines.stream()
                .filter(line -> line.at() != null && TELLING.contains(line.program()))
                .forEach(reading::line);
        reading.end();
        return new SyncAttempts(reading.failedAt, reading.failedLine, reading.goodAt);
    }

    /** One pass over the lines. */
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
            // A line that was cut before its thread goes on what the one before was about.
            thread = line.thread().isEmpty() ? thread : line.thread();
            Attempt attempt = byThread.get(thread);
            if (attempt == null || Duration.between(attempt.last, at).compareTo(APART) > 0) {
                if (attempt != null) {
                    settle(attempt);
                }
                attempt = new Attempt(at);
                byThread.put(thread, attempt);
            }
            attempt.last = at;
            attempt.calls |= line.program().equals(CALLS);
            attempt.licensing |= LICENSING.contains(line.program());
            if (line.level().equals("error") && attempt.error == null) {
                attempt.error = line.text();
                attempt.errorAt = at;
            }
        }

        void end() {
            byThread.values().forEach(this::settle);
        }

        private void settle(Attempt attempt) {
            if (attempt.error != null && attempt.licensing) {
                if (failedAt == null || attempt.errorAt.isAfter(failedAt)) {
                    failedAt = attempt.errorAt;
                    failedLine = attempt.error.substring(0, Math.min(LONGEST, attempt.error.length()));
                }
            } else if (attempt.error == null
                    && attempt.calls
                    && attempt.licensing
                    && !attempt.last.plus(SETTLED).isAfter(now)) {
                goodAt = goodAt == null || attempt.last.isAfter(goodAt) ? attempt.last : goodAt;
            }
        }
    }

    private static final class Attempt {
        private Instant last;
        private boolean calls;
        private boolean licensing;
        private @Nullable String error;
        private Instant errorAt;

        Attempt(Instant begin) {
            this.last = begin;
            this.errorAt = begin;
        }
    }
}
