package io.licenserelay.sync.run;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Groups failures of many places that have one cause: an unreachable SSM is a single incident of its site or account,
 * and so are many places that fail for the same cause. Other failures remain at their place.
 *
 * @param threshold the number of places with the same failure from which they become one incident
 */
record FailureGrouping(int threshold) {
    private static final String SERVER = "server";
    private static final String BREAKER = "breaker.";

    /** Error types with these prefixes concern the server, not a virtual account. */
    private static final List<String> SERVER_ERRORS = List.of(
            "dns.", "tcp.", "tls.", "oauth.", "proxy.", BREAKER, "http.no-answer", "http.401", "http.429", "http.5");

    /**
     * Groups the failures, so that each place and flow has at most one.
     *
     * @param anySucceeded whether the server answered for any virtual account in this run
     */
    List<Failure> fold(Place site, List<Failure> failures, boolean anySucceeded) {
        Map<String, List<Failure>> byKind = new LinkedHashMap<>();
        failures.forEach(failure ->
                byKind.computeIfAbsent(kind(failure), kind -> new ArrayList<>()).add(failure));
        Map<String, Failure> grouped = new LinkedHashMap<>();
        byKind.forEach((kind, group) -> foldKind(site, kind, group, anySucceeded)
                .forEach(failure -> grouped.merge(place(failure), failure, FailureGrouping::merge)));
        return List.copyOf(grouped.values());
    }

    private static String place(Failure failure) {
        return failure.place().path() + " " + failure.flow();
    }

    private List<Failure> foldKind(Place site, String kind, List<Failure> group, boolean anySucceeded) {
        boolean deadServer = kind.endsWith(SERVER) && !anySucceeded && group.size() > 1;
        boolean overLimit = kind.endsWith(Findings.RUN_LIMIT);
        if (group.size() < threshold && !deadServer && !overLimit) {
            return group;
        }
        List<Place> places = group.stream().map(Failure::place).distinct().toList();
        // A failure of the circuit breaker contains no cause, so a failure of an actual request is preferred.
        Failure representative = group.stream()
                .filter(each -> !each.errorType().startsWith(BREAKER))
                .findFirst()
                .orElse(group.get(0));
        return List.of(copy(representative, common(site, places), places, representative.findings()));
    }

    /** Keeps the first failure and adds the findings of the second one, which count for the diagnosis too. */
    private static Failure merge(Failure first, Failure second) {
        List<Finding> findings = Stream.concat(first.findings().stream(), second.findings().stream())
                .distinct()
                .toList();
        List<Place> folded = Stream.concat(first.folded().stream(), second.folded().stream())
                .distinct()
                .toList();
        return copy(first, first.place(), folded, findings);
    }

    private static Failure copy(Failure failure, Place place, List<Place> folded, List<Finding> findings) {
        return new Failure(
                place,
                folded,
                failure.flow(),
                failure.step(),
                failure.errorType(),
                failure.message(),
                findings,
                failure.exchange(),
                failure.at());
    }

    private static String kind(Failure failure) {
        // All steps that were skipped have the same cause: the time limit of the run.
        if (failure.errorType().equals(Findings.RUN_LIMIT)) {
            return failure.flow() + " " + Findings.RUN_LIMIT;
        }
        boolean ofTheServer = SERVER_ERRORS.stream().anyMatch(failure.errorType()::startsWith);
        return failure.flow() + " " + (ofTheServer ? SERVER : failure.errorType() + " " + failure.step());
    }

    private static Place common(Place site, List<Place> places) {
        String account = places.get(0).account();
        if (account == null || !places.stream().allMatch(place -> account.equals(place.account()))) {
            return site;
        }
        return site.account(account);
    }
}
