package io.licenserelay.app.member;

import java.util.Optional;

/** Which routes run only where their key is owned. */
@FunctionalInterface
public interface RouteOwners {
    /** The key of the route; empty if it runs in every process, or is only called by other routes. */
    Optional<String> keyOf(String routeId);
}
