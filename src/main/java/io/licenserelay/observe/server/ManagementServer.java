package io.licenserelay.observe.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.observe.health.RelayHealth;
import io.licenserelay.observe.health.SiteStatus;
import io.licenserelay.text.Json;
import io.licenserelay.web.server.AddressUnavailable;
import io.licenserelay.web.server.BoundedServer;
import io.licenserelay.web.server.ServerLimits;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves health and metrics by GET and HEAD, without a login, on a port of its own:
 *
 * <ul>
 *   <li>{@code /health/live}, {@code /health/ready}: 200 or 503
 *   <li>{@code /health/sites}: 200 with the status of each site, without reasons; 503 only while the database does not answer
 *   <li>{@code /metrics}: Prometheus' text format
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class ManagementServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

    static final int MOST_CONNECTIONS = 64;
    private static final ServerLimits LIMITS =
            new ServerLimits(1, 2, MOST_CONNECTIONS, Duration.ofSeconds(30), 2048, 8192);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final ListenAddress address;
    private final RelayHealth health;
    private final Supplier<String> metrics;
    private @Nullable BoundedServer server;
    private int port;

    /** @param metrics returns the metrics in Prometheus' text format 0.0.4; may block */
    public ManagementServer(ListenAddress address, RelayHealth health, Supplier<String> metrics) {
        this.address = address;
        this.health = health;
        this.metrics = metrics;
    }

    /**
     * Begins to answer.
     *
     * @throws AddressUnavailable if the address cannot be listened on
     */
    public synchronized void start() throws AddressUnavailable {
        BoundedServer started = new BoundedServer(LIMITS, request -> BoundedServer.PATIENCE, ManagementHeaders::into);
        server = started;
        addHandlers(started.router());
        try {
            port = started.listen("relay.management.address", address, null);
        } catch (AddressUnavailable e) {
            close();
            throw e;
        }
        LOG.info("health and metrics at http://{}", new ListenAddress(address.host(), port));
    }

    /** The port that the server listens on, also if the address leaves it to the operating system. */
    public synchronized int port() {
        if (server == null) {
            throw new IllegalStateException("the management server does not run");
        }
        return port;
    }

    private void addHandlers(Router router) {
        router.route().order(-999).handler(ManagementServer::guard);
        get(router, "/health/live").handler(request -> answer(request, health.isLive()));
        get(router, "/health/ready").blockingHandler(request -> answer(request, health.isReady()), false);
        get(router, "/health/sites").blockingHandler(this::sites, false);
        get(router, "/metrics").blockingHandler(request -> answer(request, 200, PROMETHEUS, metrics.get()), false);
        for (int status : List.of(400, 404, 405, 406, 413, 415)) {
            router.errorHandler(status, request -> answer(request, status, TEXT, status + "\n"));
        }
        router.errorHandler(500, request -> {
            LOG.warn("{} cannot be answered", request.request().path(), request.failure());
            answer(request, 500, TEXT, "500\n");
        });
    }

    private static Route get(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    /** No request has a body: one that announces a body is answered without reading it, and its connection is closed. */
    private static void guard(RoutingContext request) {
        HttpServerRequest head = request.request();
        String length = head.getHeader("Content-Length");
        if (head.getHeader("Transfer-Encoding") != null || (length != null && !length.equals("0"))) {
            request.response().putHeader("Connection", "close");
            request.response().endHandler(sent -> head.connection().close());
            request.fail(413);
        } else {
            request.next();
        }
    }

    private static void answer(RoutingContext request, boolean up) {
        answer(request, up ? 200 : 503, JSON, up ? "{\"status\":\"up\"}\n" : "{\"status\":\"down\"}\n");
    }

    private void sites(RoutingContext request) {
        try {
            health.sites()
                    .ifPresentOrElse(
                            sites -> answer(request, 200, JSON, Json.write(json(sites)) + "\n"),
                            () -> answer(request, false));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer(request, false);
        }
    }

    private static ObjectNode json(List<SiteStatus> all) {
        ObjectNode answer = Json.object();
        ArrayNode sites = answer.putArray("sites");
        for (SiteStatus site : all) {
            sites.addObject()
                    .put("site", site.site())
                    .put("status", site.state().wireName());
        }
        return answer;
    }

    private static void answer(RoutingContext request, int status, String type, String body) {
        request.response().setStatusCode(status).putHeader("Content-Type", type).end(body);
    }

    @Override
    public synchronized void close() {
        BoundedServer running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }
}
