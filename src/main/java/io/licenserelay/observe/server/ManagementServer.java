package io.licenserelay.observe.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.ManagementAddress;
import io.licenserelay.observe.health.RelayHealth;
import io.licenserelay.observe.health.SiteStatus;
import io.licenserelay.text.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
 * <p>Camel's own management server is the same Vert.x server. It is not used, because it has no setting for the number of connections, for idle
 * connections and for the length of a head, and because its health answer carries reasons. Thread-safe.
 */
public final class ManagementServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

    static final int MOST_CONNECTIONS = 64;
    private static final int IDLE_SECONDS = 30;
    private static final int LONGEST_LINE = 2048;
    private static final int LONGEST_HEAD = 8192;
    private static final int WORKERS = 2;
    private static final int START_SECONDS = 20;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final ManagementAddress address;
    private final RelayHealth health;
    private final Supplier<String> metrics;
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable Vertx vertx;
    private @Nullable HttpServer server;

    /** @param metrics returns the metrics in Prometheus' text format 0.0.4; may block */
    public ManagementServer(ManagementAddress address, RelayHealth health, Supplier<String> metrics) {
        this.address = address;
        this.health = health;
        this.metrics = metrics;
    }

    /**
     * Begins to answer.
     *
     * @throws ManagementPortUnavailable if the address cannot be listened on
     */
    public synchronized void start() throws ManagementPortUnavailable {
        Vertx started = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                // Otherwise Vert.x makes a folder for files that it finds on the class path.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        vertx = started;
        try {
            InetAddress host = InetAddress.getByName(address.host());
            HttpServer listening = started.createHttpServer(new HttpServerOptions()
                            .setIdleTimeout(IDLE_SECONDS)
                            .setIdleTimeoutUnit(TimeUnit.SECONDS)
                            .setMaxInitialLineLength(LONGEST_LINE)
                            .setMaxHeaderSize(LONGEST_HEAD)
                            .setHttp2ClearTextEnabled(false))
                    .connectionHandler(this::admit)
                    .invalidRequestHandler(ManagementServer::invalid)
                    .requestHandler(router(started));
            server = await(listening.listen(SocketAddress.inetSocketAddress(address.port(), host.getHostAddress())));
        } catch (UnknownHostException e) {
            close();
            throw new ManagementPortUnavailable(address, new IOException("unknown host", e));
        } catch (ExecutionException e) {
            close();
            throw new ManagementPortUnavailable(address, e.getCause() == null ? e : e.getCause());
        }
        LOG.info("health and metrics at http://{}", new ManagementAddress(address.host(), port()));
    }

    /** The port that the server listens on, also if the address leaves it to the operating system. */
    public synchronized int port() {
        if (server == null) {
            throw new IllegalStateException("the management server does not run");
        }
        return server.actualPort();
    }

    private Router router(Vertx started) {
        Router router = Router.router(started);
        router.route().order(-1000).handler(ManagementServer::guard);
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
        return router;
    }

    private static io.vertx.ext.web.Route get(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private void admit(HttpConnection connection) {
        connection.closeHandler(closed -> connections.decrementAndGet());
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            connection.close();
        }
    }

    /** No request has a body: one that announces a body is answered without reading it, and its connection is closed. */
    private static void guard(RoutingContext request) {
        request.addHeadersEndHandler(written -> ManagementHeaders.into(request.response()));
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

    /** A request that Vert.x could not parse reaches no router. */
    private static void invalid(HttpServerRequest request) {
        ManagementHeaders.into(request.response());
        HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
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
        Vertx running = vertx;
        vertx = null;
        server = null;
        if (running != null) {
            try {
                await(running.close());
            } catch (ExecutionException e) {
                LOG.warn("the management server did not stop in an orderly way", e.getCause());
            }
        }
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(e);
        }
    }
}
