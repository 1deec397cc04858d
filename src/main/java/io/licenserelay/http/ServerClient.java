package io.licenserelay.http;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.tls.Trust;
import io.licenserelay.http.failure.HttpTarget;
import io.licenserelay.threads.WorkerThreads;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection pool for one server, and a plain HTTP client on it. Connections are verified with the server's trust settings; answers are
 * limited in size and time. The client follows no redirect, keeps no cookie and repeats no request. Thread-safe.
 */
public final class ServerClient implements HttpTarget, AutoCloseable {
    /**
     * Limits for the parts outside the body: status line, header lines, trailers and chunk extensions. The HTTP client has no default
     * limits, so one endless line would fill the heap. Servers and proxies commonly limit a line to 8 KiB themselves.
     */
    static final Http1Config HEAD_LIMITS = Http1Config.custom()
            .setMaxLineLength(8 * 1024)
            .setMaxHeaderCount(64)
            .setMaxEmptyLineCount(5)
            .build();

    private static final String LIMITS = "limits";

    private final Server server;
    private final ScheduledExecutorService watchdog = WorkerThreads.timer();
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient http;

    /**
     * Settings of the connections to a server.
     *
     * @param trust PEM files, as for {@link Trust#of}
     * @param maxConnections maximum number of connections at a time
     */
    public record Server(
            List<Path> trust, Site.Limits limits, @Nullable URI proxy, int maxConnections) {}

    /** @throws IOException when a trust file cannot be read */
    public ServerClient(Server server) throws IOException {
        this.server = server;
        this.connections = connections(server);
        this.http = clientBuilder().build();
    }

    @Override
    public HttpClient client() {
        return http;
    }

    /**
     * Creates another client on the same connection pool. Each request passes the interceptor first. Closing the client leaves the
     * connections open.
     */
    public CloseableHttpClient with(String name, ExecChainHandler interceptor) {
        return clientBuilder()
                .addExecInterceptorAfter(LIMITS, name, interceptor)
                .build();
    }

    /** Closes the connections that are idle now. */
    public void closeIdle() {
        connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    private HttpClientBuilder clientBuilder() {
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setConnectionManagerShared(true)
                .addExecInterceptorFirst(LIMITS, new BoundedResponses(server.limits, watchdog))
                .addExecInterceptorAfter(ChainElement.COMPRESS.name(), "codings", new ContentCodingLimit())
                .setProxy(proxy())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(server.limits.response()))
                        .setConnectionRequestTimeout(Timeout.of(server.limits.total()))
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching();
    }

    private @Nullable HttpHost proxy() {
        URI proxy = server.proxy;
        return proxy == null ? null : new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort());
    }

    @Override
    public void close() throws IOException {
        http.close();
        connections.close();
    }

    private static PoolingHttpClientConnectionManager connections(Server server) throws IOException {
        Site.Limits limits = server.limits;
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(HEAD_LIMITS)
                        .build())
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        Trust.of(server.trust).context(), HostnameVerificationPolicy.BUILTIN, null))
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(Timeout.of(limits.tls()))
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connect()))
                        .setSocketTimeout(Timeout.of(limits.response()))
                        .setTimeToLive(Timeout.of(Duration.ofMinutes(5)))
                        .setValidateAfterInactivity(Timeout.ofSeconds(2))
                        .build())
                .setMaxConnPerRoute(server.maxConnections)
                .setMaxConnTotal(server.maxConnections)
                .build();
    }
}
