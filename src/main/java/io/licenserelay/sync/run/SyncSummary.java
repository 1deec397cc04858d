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

/** Sums a run up, account by account. */
record SyncSummary(SyncRun run, Instant end) {
    /** Causes that a line of the log names. */
    private static final int NAMED = 3;

    /** One an account; one without an account when none is known. */
    List<SyncResult> all() {
        List<SyncResult> results = new ArrayList<>();
        run.accounts().forEach((account, tally) -> results.add(one(account, tally)));
        return results.isEmpty() ? List.of(one(null, SyncCounts.NONE)) : results;
    }

    static SyncOutcome outcome(SyncRun run) {
        int good = run.accounts().values().stream()
                .mapToInt(SyncCounts::virtualAccounts)
                .sum();
        return SyncOutcome.of(good, run.failures().size());
    }

    /**
     * Why places failed: place, cause and code of each, without secrets.
     *
     * @param failures folded, as they were recorded
     * @param incidents those of the run
     */
    static String causes(List<Failure> failures, List<Incident> incidents) {
        List<String> causes = failures.stream()
                .map(failure -> cause(failure, incidents))
                .distinct()
                .toList();
        String named = causes.stream().limit(NAMED).collect(Collectors.joining("; "));
        int more = causes.size() - NAMED;
        return more > 0 ? named + "; and " + more + " more" : named;
    }

    /** A failure whose incident could not be recorded has its error type alone: its message may hold a secret. */
    private static String cause(Failure failure, List<Incident> incidents) {
        return incidents.stream()
                .filter(incident -> incident.place().equals(failure.place()) && incident.flow() == failure.flow())
                .map(Incident::summary)
                .findFirst()
                .orElseGet(() -> failure.place() + ": " + failure.errorType());
    }

    private SyncResult one(@Nullable String account, SyncCounts tally) {
        long failed = run.failures().stream()
                .filter(failure -> concerns(account, failure.place()))
                .count();
        return new SyncResult(
                run.site().name(),
                account,
                SyncOutcome.of(tally.virtualAccounts(), failed).wireName(),
                tally.virtualAccounts(),
                tally.licenses(),
                tally.outOfCompliance(),
                tally.devices(),
                account == null ? 0 : run.alerts(account),
                new SyncResult.Difference(tally.added(), tally.changed(), tally.gone()),
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
