package io.licenserelay.app;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.config.Configuration;
import java.io.IOException;
import java.time.Clock;

/** Loads the route files with the same beans as {@code run}, without starting a route. */
public final class RouteCheck {
    private RouteCheck() {}

    /**
     * Checks that every route of every site can be built.
     *
     * @throws BadRoutes if one cannot; the message names the file, and the line if Camel reports it
     */
    public static void check(Configuration configuration, RouteFiles routes) throws BadRoutes, IOException {
        try (TemporaryFolder data = TemporaryFolder.create("license-relay-check");
                Relay relay = new Relay(configuration, data.path(), Clock.systemUTC())) {
            relay.load(routes);
        }
    }
}
