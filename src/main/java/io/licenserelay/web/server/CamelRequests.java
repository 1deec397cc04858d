package io.licenserelay.web.server;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets routes take requests from the server, as {@code platform-http:} and as REST DSL. A route gets the parameters of the path and the
 * query parameters that the API knows; no other header or query parameter of a request becomes a header of a message, so none can reach Kafka
 * or SSM.
 */
final class CamelRequests {
    private static final String ROUTER = "license-relay-router";

    /** A document of the API. Files arrive in another way. */
    private static final int MOST_BYTES = 64 * 1024;

    /** The query parameters of the actions. */
    private static final Set<String> PARAMETERS = Set.of("accept", "wait");

    /** The headers of an answer that a route may set. */
    private static final Set<String> ANSWER = Set.of("content-type", "location", "retry-after");

    private CamelRequests() {}

    static void connect(CamelContext camel, Vertx vertx, Router router) {
        Handler<RoutingContext> bodies = BodyHandler.create(false).setBodyLimit(MOST_BYTES);
        camel.getRegistry().bind(ROUTER, new CamelRouter(vertx, router, bodies));
        PlatformHttpComponent component = new PlatformHttpComponent(camel);
        component.setEngine(new RouterEngine());
        component.setHeaderFilterStrategy(new KnownParameters());
        camel.addComponent(PlatformHttpConstants.PLATFORM_HTTP_COMPONENT_NAME, component);
    }

    private static final class CamelRouter extends VertxPlatformHttpRouter {
        private final Handler<RoutingContext> bodies;

        /** Camel's server is not used: it has no limits, and goes on without a port if the port is in use. */
        @SuppressWarnings("NullAway")
        CamelRouter(Vertx vertx, Router router, Handler<RoutingContext> bodies) {
            super(null, vertx, router, ROUTER, SERVER_TYPE_SERVER);
            this.bodies = bodies;
        }

        @Override
        public Handler<RoutingContext> bodyHandler() {
            return bodies;
        }
    }

    private static final class RouterEngine extends VertxPlatformHttpEngine {
        @Override
        public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
            return new VertxPlatformHttpConsumer(endpoint, processor, List.of(), ROUTER);
        }

        /** No route reads it; the listeners know their ports. */
        @Override
        public int getServerPort() {
            return 0;
        }
    }

    private static final class KnownParameters implements HeaderFilterStrategy {
        @Override
        public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
            return !PARAMETERS.contains(name);
        }

        @Override
        public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
            return !ANSWER.contains(name.toLowerCase(Locale.ROOT));
        }
    }
}
