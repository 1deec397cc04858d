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
 * Tells failures of many places as one where they are one: a dead SSM is a single incident of its site or account, and so
 * are many places that fail for the same cause. What is one place's own stays there.
 *
 * @param most so many places that fail alike are one incident
 */
record FailureGrouping(int most) {
    private static final String SERVER = "server";
    private static final String BREAKER = "breaker.";

    /** What begins with these happens to a server, not to a virtual account. */
    private static final List<String> OF_THE_SERVER = List.of(
            "dns.", "tcp.", "tls.", "oauth.", "proxy.", BREAKER, "http.no-answer", "http.401", "http.429", "http.5");

    /**
     * One failure a place and flow at most.
     *
     * @param anyWell whether the server served any virtual account in this run
     */
    List<Failure> fold(Place site, List<Failure> failures, boolean anyWell) {
        Map<String, List<Failure>> alike = new LinkedHashMap<>();
        failures.forEach(failure ->
                alike.computeIfAbsent(kind(failure), kind -> new ArrayList<>()).add(failure));
        Map<String, Failure> grouped = new LinkedHashMap<>();
        alike.forEach((kind, group) -> foldAlike(site, kind, group, anyWell)
                .forEach(failure -> grouped.merge(place(failure), failure, FailureGrouping::both)));
        return List.copyOf(grouped.values());
    }

    private static String place(Failure failure) {
        return failure.place().path() + " " + failure.flow();
    }

    private List<Failure> foldAlike(Place site, String kind, List<Failure> group, boolean anyWell) {
        boolean deadServer = kind.endsWith(SERVER) && !anyWell && group.size() > 1;
        boolean overtime = kind.endsWith(Findings.RUN_LIMIT);
        if (group.size() < most && !deadServer && !overtime) {
            return group;
        }
        List<Place> places = group.stream().map(Failure::place).distinct().toList();
        // A call that the breaker did not let through says nothing of why; one that was made does.
        Failure telling = group.stream()
                .filter(each -> !each.errorType().startsWith(BREAKER))
                .findFirst()
                .orElse(group.get(0));
        return List.of(copy(telling, common(site, places), places, telling.findings()));
    }

    /** What failed first is told; what else is known of the place still counts for the diagnosis. */
    private static Failure both(Failure first, Failure second) {
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
        // Whatever was not done any more is one thing: the time of the run was over.
        if (failure.errorType().equals(Findings.RUN_LIMIT)) {
            return failure.flow() + " " + Findings.RUN_LIMIT;
        }
        boolean ofTheServer = OF_THE_SERVER.stream().anyMatch(failure.errorType()::startsWith);
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
