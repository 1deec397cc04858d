package io.licenserelay.sync;

import io.licenserelay.evidence.Failure;
import io.licenserelay.incident.Incident;
import io.licenserelay.site.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sums a run up, account by account. */
final class Results {
    /** Causes that a line of the log names. */
    private static final int NAMED = 3;

    private final Run run;
    private final Instant end;

    Results(Run run, Instant end) {
        this.run = run;
        this.end = end;
    }

    /** One an account; one without an account when none is known. */
    List<RunResult> all() {
        List<RunResult> results = new ArrayList<>();
        run.accounts().forEach((account, tally) -> results.add(one(account, tally)));
        return results.isEmpty() ? List.of(one(null, Tally.NONE)) : results;
    }

    static Outcome outcome(Run run) {
        int good = run.accounts().values().stream()
                .mapToInt(Tally::virtualAccounts)
                .sum();
        return Outcome.of(good, run.failures().size());
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

    private RunResult one(@Nullable String account, Tally tally) {
        long failed = run.failures().stream()
                .filter(failure -> concerns(account, failure.place()))
                .count();
        return new RunResult(
                run.site().name(),
                account,
                Outcome.of(tally.virtualAccounts(), failed).wireName(),
                tally.virtualAccounts(),
                tally.licenses(),
                tally.outOfCompliance(),
                tally.devices(),
                account == null ? 0 : run.alerts(account),
                new RunResult.Difference(tally.added(), tally.changed(), tally.gone()),
                run.incidents().stream()
                        .filter(incident -> concerns(account, incident.place()))
                        .map(Results::noted)
                        .toList(),
                Duration.between(run.startedAt(), end).toMillis() / 1000.0);
    }

    private static boolean concerns(@Nullable String account, Place place) {
        return account == null || place.account() == null || account.equals(place.account());
    }

    private static RunResult.Noted noted(Incident incident) {
        return new RunResult.Noted(incident.code(), incident.place().toString(), incident.summary());
    }
}
