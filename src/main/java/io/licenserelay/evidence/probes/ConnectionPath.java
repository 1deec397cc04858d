package io.licenserelay.evidence.probes;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of connections to a server: direct, or through a proxy. With a proxy, the first hop is the proxy, and whether this machine can
 * resolve or reach the server itself is irrelevant.
 */
public record ConnectionPath(
        URI url, Site.Limits limits, @Nullable URI proxy) {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPath.class);

    /** Limits of the response header; a proxy needs only a small one. */
    static final Http1Config HEAD_LIMITS = Http1Config.custom()
            .setMaxHeaderCount(100)
            .setMaxLineLength(8192)
            .setMaxEmptyLineCount(5)
            .build();

    public static ConnectionPath configured(Site site) {
        return new ConnectionPath(
                site.ssm().url(), site.ssm().limits(), site.ssm().proxy());
    }

    ConnectionPath direct() {
        return new ConnectionPath(url, limits, null);
    }

    boolean proxied() {
        return proxy != null;
    }

    public boolean tls() {
        return !url.getScheme().equals("http");
    }

    /** The host of the first hop: the server, or its proxy. */
    public String host() {
        return proxy != null ? proxy.getHost() : url.getHost();
    }

    public int port() {
        if (proxy == null) {
            return serverPort();
        }
        return proxy.getPort() > 0 ? proxy.getPort() : 80;
    }

    /** The host of the server. */
    public String server() {
        return ResolvedAddresses.bare(url.getHost());
    }

    private int serverPort() {
        return Site.port(url);
    }

    /** The authority of the server: {@code ssm.example.net:8443}. */
    public String authority() {
        return url.getHost() + ":" + serverPort();
    }

    /**
     * Opens a socket to the server; with a proxy and TLS, through the proxy's tunnel. Addresses are tried one after the other, as in every
     * client.
     *
     * @throws NoConnection when no address of the first hop accepts a connection
     * @throws ProxyRefusal when the proxy does not open the tunnel
     */
    public <S extends Socket> S open(Supplier<S> sockets, Deadline deadline) throws IOException {
        S socket = connect(sockets, deadline);
        closeAt(deadline, socket);
        try {
            if (proxied() && tls()) {
                tunnel(socket, deadline);
            }
            return socket;
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /**
     * Creates the TLS socket on an open socket, which it then owns. The host name is set for verification by the context's trust manager.
     *
     * @return the socket before the handshake
     */
    public SSLSocket secure(Socket socket, SSLContext context, Deadline deadline) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, server(), serverPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.setSoTimeout(millis(limits.tls(), deadline));
        return tls;
    }

    /** The shorter of a limit and the remaining time, as a socket timeout. */
    static int millis(Duration limit, Deadline deadline) {
        return (int) Math.min(Math.max(1, limit.toMillis()), deadline.leftMillis());
    }

    private <S extends Socket> S connect(Supplier<S> sockets, Deadline deadline) throws IOException {
        NoConnection refused = new NoConnection(host() + ":" + port());
        for (InetAddress address : ResolvedAddresses.lookUp(host()).await(deadline)) {
            S socket = sockets.get();
            try {
                socket.connect(new InetSocketAddress(address, port()), millis(limits.connect(), deadline));
                socket.setSoTimeout(millis(limits.response(), deadline));
                return socket;
            } catch (IOException failed) {
                socket.close();
                refused.addSuppressed(failed);
            }
        }
        throw refused;
    }

    /** A socket timeout restarts with each byte, so one byte per second would keep a reader busy without end. */
    private static void closeAt(Deadline deadline, Socket socket) {
        CompletableFuture.delayedExecutor(deadline.leftMillis() + 1L, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    try {
                        socket.close();
                    } catch (IOException late) {
                        LOG.debug("A socket could not be closed at its deadline", late);
                    }
                });
    }

    private void tunnel(Socket socket, Deadline deadline) throws IOException {
        socket.setSoTimeout(millis(limits.connect(), deadline));
        int status = requestTunnel(socket);
        if (status / 100 != 2) {
            throw new ProxyRefusal("it answered " + status, null);
        }
    }

    private int requestTunnel(Socket socket) throws ProxyRefusal {
        BasicClassicHttpRequest request =
                new BasicClassicHttpRequest("CONNECT", new HttpHost(server(), serverPort()), authority());
        request.setHeader("Host", authority());
        try {
            // Not closed here: that would close the socket, which the tunnel still uses.
            DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(HEAD_LIMITS);
            connection.bind(socket);
            connection.sendRequestHeader(request);
            connection.flush();
            return connection.receiveResponseHeader().getCode();
        } catch (HttpException notHttp) {
            throw new ProxyRefusal("its answer is not HTTP", notHttp);
        } catch (IOException timeout) {
            throw new ProxyRefusal("it did not answer", timeout);
        }
    }

    /** No address accepted a connection. The suppressed exceptions have the reason of each address. */
    public static final class NoConnection extends IOException {
        private static final long serialVersionUID = 1L;

        NoConnection(String where) {
            super("no connection to " + where);
        }
    }

    /** The proxy did not open the tunnel. */
    public static final class ProxyRefusal extends IOException {
        private static final long serialVersionUID = 1L;

        ProxyRefusal(String message, @Nullable Exception cause) {
            super(message, cause);
        }
    }
}
