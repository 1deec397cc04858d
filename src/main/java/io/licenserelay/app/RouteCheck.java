package io.licenserelay.app;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.config.Configuration;
import java.io.IOException;
import java.time.Clock;

/** Loads the route files with the beans that {@code run} gives them, and starts none of them. */
public final class RouteCheck {
    private RouteCheck() {}

    /**
     * Returns when every route of every site can be made.
     *
     * @throws BadRoutes when one cannot; the message names the file, and the line where Camel knows it
     */
    public static void check(Configuration configuration, RouteFiles routes) throws BadRoutes, IOException {
        try (TemporaryFolder data = TemporaryFolder.create("license-relay-check");
                Relay relay = new Relay(configuration, data.path(), Clock.systemUTC())) {
            relay.load(routes);
        }
    }
}
