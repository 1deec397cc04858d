package io.licenserelay.web.server;

import io.licenserelay.config.web.CertificateFiles;
import io.licenserelay.config.web.ListenAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server on Vert.x whose connections and requests are limited, and whose every answer has the same headers, also to a request that
 * cannot be parsed. Camel's own servers are the same Vert.x server. They are not used, because they have no setting for the number of
 * connections, for idle connections and for the length of a head, and because they go on without a port if the port is in use.
 */
public final class BoundedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedServer.class);
    private static final Duration START = Duration.ofSeconds(30);
    private static final long REFRESH_MILLIS = 30_000;

    /** How long a request without a large body may take to arrive, and a connection may be open without a request. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServerLimits limits;
    private final Consumer<HttpServerRequest> headers;
    private final Vertx vertx;
    private final Router router;
    private final ConnectionLimits connections;

    /**
     * Nothing listens yet.
     *
     * @param arrival how long a request may take to arrive whole
     * @param headers sets the headers of an answer when it begins
     */
    public BoundedServer(
            ServerLimits limits, Function<RoutingContext, Duration> arrival, Consumer<HttpServerRequest> headers) {
        this.limits = limits;
        this.headers = headers;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(limits.eventLoops())
                .setWorkerPoolSize(limits.workers())
                .setInternalBlockingPoolSize(2)
                .setUseDaemonThread(true)
                // Otherwise Vert.x makes a folder for files that it finds on the class path.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.router = Router.router(vertx);
        this.connections = new ConnectionLimits(vertx, limits.connections(), PATIENCE);
        router.route().order(-1_000).handler(context -> {
            context.addHeadersEndHandler(begins -> headers.accept(context.request()));
            connections.began(context, arrival.apply(context));
            context.next();
        });
    }

    /** For handlers. */
    public Router router() {
        return router;
    }

    /** For routes of Camel. */
    Vertx vertx() {
        return vertx;
    }

    /**
     * Opens a listener.
     *
     * @param key the setting of the address, for errors
     * @param files for TLS; null for HTTP
     * @return the port, also if the address leaves it to the operating system
     * @throws AddressUnavailable if the address cannot be listened on
     */
    public int listen(String key, ListenAddress address, @Nullable CertificateFiles files) throws AddressUnavailable {
        HttpServerOptions options = new HttpServerOptions()
                .setIdleTimeout((int) limits.idle().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxInitialLineLength(limits.lineBytes())
                .setMaxHeaderSize(limits.headBytes())
                .setMaxChunkSize(64 * 1024)
                .setUseAlpn(false)
                // Otherwise a connection counts only after its first bytes, which tell HTTP/2 from HTTP/1.1.
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setCompressionSupported(true);
        ServerTls tls = null;
        if (files != null) {
            try {
                tls = new ServerTls(files);
            } catch (IOException e) {
                throw new AddressUnavailable(key, address, e);
            }
            tls.configure(options);
        }
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .exceptionHandler(broken -> LOG.debug("A connection broke off: {}", broken.getMessage()))
                .invalidRequestHandler(this::refuse)
                .requestHandler(router);
        try {
            InetAddress host = InetAddress.getByName(address.host());
            await(server.listen(SocketAddress.inetSocketAddress(address.port(), host.getHostAddress())));
        } catch (UnknownHostException e) {
            throw new AddressUnavailable(key, address, new IOException("unknown host", e));
        } catch (ExecutionException e) {
            throw new AddressUnavailable(key, address, e.getCause() == null ? e : e.getCause());
        }
        ServerTls refreshed = tls;
        if (refreshed != null) {
            vertx.setPeriodic(REFRESH_MILLIS, due -> refreshed.refresh(server));
        }
        return server.actualPort();
    }

    /** A request that Vert.x could not parse reaches no router. */
    private void refuse(HttpServerRequest request) {
        headers.accept(request);
        HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
    }

    /** Ends all listeners and connections. */
    @Override
    public void close() {
        try {
            await(vertx.close());
        } catch (ExecutionException e) {
            LOG.warn("a server did not stop in an orderly way", e);
        }
    }

    private static <T> T await(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException("it takes longer than " + START.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException("the relay is stopping", e);
        }
    }
}
