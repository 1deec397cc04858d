package io.licenserelay.web.server;

import io.licenserelay.config.web.CertificateFiles;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.config.web.WebSettings;
import io.licenserelay.web.access.ApiToken;
import io.licenserelay.web.access.Gate;
import io.licenserelay.web.access.SecurityHeaders;
import io.licenserelay.web.answer.Answers;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of API and console. Commands reach it on the loopback address, browsers there or on the configured address. Every request
 * passes the {@link Gate} first. Routes can take requests too.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final String KEY = "relay.web.address";
    private static final ServerLimits LIMITS = new ServerLimits(2, 20, 128, Duration.ofMinutes(1), 8 * 1024, 16 * 1024);

    /** A file of the largest size must arrive within this time. */
    private static final Duration IMPORT = Duration.ofMinutes(10);

    private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);

    private final WebSettings settings;
    private final ApiToken token;
    private final BoundedServer server;
    private String address = "";

    /** Nothing listens yet. */
    public WebServer(WebSettings settings, ApiToken token, Gate gate) {
        this.settings = settings;
        this.token = token;
        this.server = new BoundedServer(LIMITS, WebServer::arrival, SecurityHeaders::set);
        server.router().route().order(-999).handler(gate);
        for (int status : new int[] {400, 404, 405, 413, 415, 500, 503}) {
            server.router().errorHandler(status, context -> answerError(context, status));
        }
    }

    private static Duration arrival(RoutingContext context) {
        return context.normalizedPath().endsWith("/import") ? IMPORT : BoundedServer.PATIENCE;
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
        return server.router();
    }

    /** Lets the routes of the context take requests. To be called before they are loaded. */
    public void connect(CamelContext camel) {
        CamelRequests.connect(camel, server.vertx(), server.router());
    }

    /**
     * Opens the listeners and publishes the address for commands.
     *
     * @throws AddressUnavailable if the configured address cannot be used
     * @throws IOException if the data folder cannot be written
     */
    public void listen() throws IOException {
        ListenAddress configured = settings.address();
        if (configured == null) {
            address = listenLocally();
            token.publish(address);
        } else if (configured.isLoopback() && settings.certificates() == null) {
            address = open(configured, null);
            token.publish(address);
        } else {
            address = open(configured, settings.certificates());
            token.publish(open(ANY_PORT, null));
        }
    }

    /** Two relays of one machine both start without a setting. */
    private String listenLocally() throws AddressUnavailable {
        try {
            return open(new ListenAddress("127.0.0.1", WebSettings.PORT), null);
        } catch (AddressUnavailable inUse) {
            LOG.debug("{}", inUse.getMessage());
            return open(ANY_PORT, null);
        }
    }

    /** @param files for TLS; null for HTTP */
    private String open(ListenAddress at, @Nullable CertificateFiles files) throws AddressUnavailable {
        int port = server.listen(KEY, at, files);
        return (files == null ? "http://" : "https://") + new ListenAddress(at.host(), port);
    }

    /** {@code http://127.0.0.1:8470}: the configured address with its port, or the local one; for people. Empty before {@link #listen}. */
    public String address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        token.withdraw();
        server.close();
    }
}
