package io.licenserelay.sync;

import io.licenserelay.evidence.Failure;
import io.licenserelay.site.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells failures of many virtual accounts as one where they are one: a dead SSM is a single incident of its site, and so
 * are many places that fail for the same cause. What is one place's own stays there.
 */
final class Folding {
    private static final String SERVER = "server";
    private static final String BREAKER = "breaker.";

    /** What begins with these happens to a server, not to a virtual account. */
    private static final List<String> OF_THE_SERVER = List.of(
            "dns.", "tcp.", "tls.", "oauth.", "proxy.", BREAKER, "http.no-answer", "http.401", "http.429", "http.5");

    private final int most;

    /** @param most so many places that fail alike are one incident */
    Folding(int most) {
        this.most = most;
    }

    /** @param anyWell whether the server served any virtual account in this run */
    List<Failure> fold(Place site, List<Failure> failures, boolean anyWell) {
        List<Failure> told = new ArrayList<>();
        Map<String, List<Failure>> alike = new LinkedHashMap<>();
        for (Failure failure : failures) {
            if (failure.place().va() == null) {
                told.add(failure);
            } else {
                alike.computeIfAbsent(kind(failure), kind -> new ArrayList<>()).add(failure);
            }
        }
        alike.forEach((kind, group) -> told.addAll(foldAlike(site, kind, group, anyWell)));
        return told;
    }

    private List<Failure> foldAlike(Place site, String kind, List<Failure> group, boolean anyWell) {
        boolean deadServer = kind.equals(SERVER) && !anyWell && group.size() > 1;
        if (group.size() < most && !deadServer) {
            return group;
        }
        List<Place> places = group.stream().map(Failure::place).toList();
        // A call that the breaker did not let through says nothing of why; one that was made does.
        Failure telling = group.stream()
                .filter(each -> !each.errorType().startsWith(BREAKER))
                .findFirst()
                .orElse(group.get(0));
        return List.of(new Failure(
                common(site, places),
                places,
                telling.flow(),
                telling.step(),
                telling.errorType(),
                telling.message(),
                telling.findings(),
                telling.exchange(),
                telling.at()));
    }

    private static String kind(Failure failure) {
        boolean ofTheServer = OF_THE_SERVER.stream().anyMatch(failure.errorType()::startsWith);
        return ofTheServer ? SERVER : failure.errorType() + " " + failure.step();
    }

    private static Place common(Place site, List<Place> places) {
        Set<Place> accounts = places.stream().map(Place::parent).collect(Collectors.toSet());
        return accounts.size() == 1 ? accounts.iterator().next() : site;
    }
}
