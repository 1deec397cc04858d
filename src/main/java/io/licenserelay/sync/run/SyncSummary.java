package io.licenserelay.sync.run;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Failure;
import io.licenserelay.incident.event.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Summarises a run, account by account. */
record SyncSummary(SyncRun run, Instant end) {
    /** The maximum number of causes in a log line. */
    private static final int MAX_NAMED = 3;

    /** One result per account; a single result without account if no account is known. */
    List<SyncResult> all() {
        List<SyncResult> results = new ArrayList<>();
        run.accounts().forEach((account, counts) -> results.add(result(account, counts)));
        return results.isEmpty() ? List.of(result(null, SyncCounts.NONE)) : results;
    }

    static SyncOutcome outcome(SyncRun run) {
        int good = run.accounts().values().stream()
                .mapToInt(SyncCounts::virtualAccounts)
                .sum();
        return SyncOutcome.of(good, run.failures().size());
    }

    /**
     * The causes of the failures: place, cause and code of each, without secrets.
     *
     * @param failures the grouped failures, as recorded
     * @param incidents the incidents of the run
     */
    static String causes(List<Failure> failures, List<Incident> incidents) {
        List<String> causes = failures.stream()
                .map(failure -> cause(failure, incidents))
                .distinct()
                .toList();
        String named = causes.stream().limit(MAX_NAMED).collect(Collectors.joining("; "));
        int more = causes.size() - MAX_NAMED;
        return more > 0 ? named + "; and " + more + " more" : named;
    }

    /**
     * For a failure without a recorded incident only the error type is used, because its message may contain a secret.
     */
    private static String cause(Failure failure, List<Incident> incidents) {
        return incidents.stream()
                .filter(incident -> incident.place().equals(failure.place()) && incident.flow() == failure.flow())
                .map(Incident::summary)
                .findFirst()
                .orElseGet(() -> failure.place() + ": " + failure.errorType());
    }

    private SyncResult result(@Nullable String account, SyncCounts counts) {
        long failed = run.failures().stream()
                .filter(failure -> concerns(account, failure.place()))
                .count();
        return new SyncResult(
                run.site().name(),
                account,
                SyncOutcome.of(counts.virtualAccounts(), failed).wireName(),
                counts.virtualAccounts(),
                counts.licenses(),
                counts.outOfCompliance(),
                counts.devices(),
                account == null ? 0 : run.alerts(account),
                new SyncResult.Difference(counts.added(), counts.changed(), counts.gone()),
                run.incidents().stream()
                        .filter(incident -> concerns(account, incident.place()))
                        .map(SyncSummary::noted)
                        .toList(),
                Duration.between(run.startedAt(), end).toMillis() / 1000.0);
    }

    private static boolean concerns(@Nullable String account, Place place) {
        return account == null || place.account() == null || account.equals(place.account());
    }

    private static SyncResult.Noted noted(Incident incident) {
        return new SyncResult.Noted(incident.code(), incident.place().toString(), incident.summary());
    }
}
