package io.licenserelay.web.server;

import io.licenserelay.config.web.CertificateFiles;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.config.web.WebSettings;
import io.licenserelay.web.access.ApiToken;
import io.licenserelay.web.access.Gate;
import io.licenserelay.web.answer.Answers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of API and console, on Vert.x. Commands reach it on the loopback address, browsers there or on the configured address. Every
 * request passes the {@link Gate} first. Camel's own server is not used, because it has no limits for connections and goes on without a port
 * if the port is in use; routes can take requests nevertheless.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final int EVENT_LOOPS = 2;

    /** Requests that work at the same time; others wait. */
    private static final int WORKERS = 20;

    private static final int HEAD_BYTES = 16 * 1024;
    private static final int LINE_BYTES = 8 * 1024;
    private static final Duration IDLE = Duration.ofMinutes(1);

    /** A file of the largest size must arrive within this time. */
    private static final Duration IMPORT = Duration.ofMinutes(10);

    private static final long REFRESH_MILLIS = 30_000;
    private static final Duration START = Duration.ofSeconds(30);
    private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);

    private final WebSettings settings;
    private final ApiToken token;
    private final Vertx vertx;
    private final Router router;
    private final ConnectionLimits connections;
    private final List<HttpServer> listeners = new ArrayList<>();

    /** Nothing listens yet. */
    public WebServer(WebSettings settings, ApiToken token, Gate gate) {
        this.settings = settings;
        this.token = token;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(2)
                // Files are never served from the file system, so no copy of the class path is needed.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.router = Router.router(vertx);
        this.connections = new ConnectionLimits(vertx, ConnectionLimits.PATIENCE);
        router.route().order(-1_000).handler(this::limit).handler(gate);
        for (int status : new int[] {400, 404, 405, 413, 415, 500, 503}) {
            router.errorHandler(status, context -> answerError(context, status));
        }
    }

    private void limit(RoutingContext context) {
        boolean file = context.normalizedPath().endsWith("/import");
        connections.began(context, file ? IMPORT : ConnectionLimits.PATIENCE);
        context.next();
    }

    private static void answerError(RoutingContext context, int status) {
        if (status == 500) {
            LOG.error("{} {} failed", context.request().method(), context.normalizedPath(), context.failure());
        }
        Answers.problem(
                context,
                status,
                switch (status) {
                    case 400 -> "The request is not valid.";
                    case 404 -> "There is nothing at this path.";
                    case 405 -> "This path does not take this method.";
                    case 413 -> "The body of the request is too large.";
                    case 415 -> "This path does not take this media type.";
                    case 503 -> "The server is busy. Try again.";
                    default -> "The request failed; see the relay's log.";
                });
    }

    /** For further handlers, behind the gate. */
    public Router router() {
        return router;
    }

    /** Lets the routes of the context take requests. To be called before they are loaded. */
    public void connect(CamelContext camel) {
        CamelRequests.connect(camel, vertx, router);
    }

    /**
     * Opens the listeners and publishes the address for commands.
     *
     * @throws AddressInUse if the configured address cannot be used
     * @throws IOException if the data folder cannot be written
     */
    public void listen() throws AddressInUse, IOException {
        ListenAddress configured = settings.address();
        if (configured == null) {
            listenLocally();
        } else if (configured.isLoopback() && settings.certificates() == null) {
            open(configured, null);
        } else {
            open(configured, settings.certificates());
            open(ANY_PORT, null);
        }
        token.publish(local());
    }

    /** Two relays of one machine both start without a setting. */
    private void listenLocally() throws AddressInUse {
        try {
            open(new ListenAddress("127.0.0.1", WebSettings.PORT), null);
        } catch (AddressInUse inUse) {
            LOG.debug("{}", inUse.getMessage());
            open(ANY_PORT, null);
        }
    }

    /** @param files for TLS; null for HTTP */
    private void open(ListenAddress address, @Nullable CertificateFiles files) throws AddressInUse {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setIdleTimeout((int) IDLE.toSeconds())
                .setMaxHeaderSize(HEAD_BYTES)
                .setMaxInitialLineLength(LINE_BYTES)
                .setMaxChunkSize(64 * 1024)
                .setAlpnVersions(List.of())
                .setUseAlpn(false)
                // Otherwise a connection counts only after its first bytes, which tell HTTP/2 from HTTP/1.1.
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setCompressionSupported(true);
        ServerTls tls = files == null ? null : new ServerTls(files);
        if (tls != null) {
            tls.configure(options);
        }
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .exceptionHandler(broken -> LOG.debug("A connection broke off: {}", broken.getMessage()))
                .requestHandler(router);
        try {
            await(server.listen());
        } catch (ExecutionException e) {
            throw new AddressInUse(address, e);
        }
        listeners.add(server);
        if (tls != null) {
            vertx.setPeriodic(REFRESH_MILLIS, due -> tls.refresh(server));
        }
    }

    /** {@code http://127.0.0.1:8470}: where commands of this machine reach the server. */
    public String local() {
        // The listener on the loopback address is opened last.
        HttpServer last = listeners.get(listeners.size() - 1);
        ListenAddress configured = settings.address();
        String host = configured != null && listeners.size() == 1 ? configured.host() : ANY_PORT.host();
        return "http://" + new ListenAddress(host, last.actualPort());
    }

    /** The configured address with its port, or the local one; for people. */
    public String address() {
        ListenAddress configured = settings.address();
        if (configured == null || listeners.size() == 1) {
            return local();
        }
        String scheme = settings.certificates() == null ? "http://" : "https://";
        return scheme + new ListenAddress(configured.host(), listeners.get(0).actualPort());
    }

    @Override
    public void close() throws IOException {
        token.withdraw();
        try {
            await(vertx.close());
        } catch (ExecutionException e) {
            throw new IOException("the server of API and console did not stop", e.getCause());
        }
    }

    private static <T> T await(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException("the relay is stopping", e);
        } catch (TimeoutException e) {
            throw new ExecutionException("it takes longer than " + START.toSeconds() + " s", e);
        }
    }
}
