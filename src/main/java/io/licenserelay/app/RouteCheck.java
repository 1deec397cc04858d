package io.licenserelay.app;

import io.licenserelay.app.member.SingleRelay;
import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.HookRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.config.Configuration;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/**
 * Loads the route files with the same beans as {@code run}, without starting a route. Their database is temporary: opening a shared store
 * would migrate its schema while other relays work with it.
 */
public final class RouteCheck {
    private RouteCheck() {}

    /**
     * Checks that every route of every site can be built.
     *
     * @return the hooks that a route file provides, and routes of the operator that nothing calls
     * @throws BadRoutes if one cannot; the message names the file, and the line if Camel reports it
     */
    public static List<CheckResult> check(Configuration configuration, RouteFiles routes)
            throws BadRoutes, IOException {
        try (TemporaryFolder data = TemporaryFolder.create("license-relay-check");
                Relay relay = new Relay(
                        configuration,
                        data.path(),
                        new SingleRelay(data.path(), configuration.cluster().node()),
                        Clock.systemUTC())) {
            relay.load(routes);
            return HookRoutes.in(relay.camel(), routes).stream()
                    .map(RouteCheck::result)
                    .toList();
        }
    }

    private static CheckResult result(HookRoutes.Found found) {
        return found.hook() == null
                ? CheckResult.bad(
                        CheckResult.Mark.WARNING,
                        found.where(),
                        "it begins at " + found.begins() + ", which no route calls",
                        found.fix())
                : CheckResult.ok("hook " + found.hook().wireName(), found.where());
    }
}
