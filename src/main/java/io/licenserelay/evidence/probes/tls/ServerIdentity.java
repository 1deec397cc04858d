package io.licenserelay.evidence.probes.tls;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.tls.Trust;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.probes.ConnectionPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server's identity from one TLS handshake, verified only with the JDK's CAs. Nothing else is sent.
 *
 * @param chain the presented chain, the server's own certificate first; never empty
 * @param protocol {@code TLSv1.3}
 * @param trusted whether the JDK's CAs trust it, including dates and host name
 * @param findings at least one finding about the certificates
 */
public record ServerIdentity(List<X509Certificate> chain, String protocol, boolean trusted, List<Finding> findings) {

    /**
     * Reads the identity of a server.
     *
     * @param url {@code https://host:port}
     * @param proxy an HTTP proxy, or null
     * @param timeout time limit for everything
     * @param now time for the check of validity dates
     * @throws NotShown when no certificate was received
     * @throws IOException when this Java cannot check certificates
     */
    public static ServerIdentity of(URI url, @Nullable URI proxy, Duration timeout, Instant now) throws IOException {
        ConnectionPath path =
                new ConnectionPath(url, new Site.Limits(timeout, timeout, timeout, timeout, timeout, 0), proxy);
        ChainRecorder recorder = new ChainRecorder(Trust.of(List.of()).trustManager());
        Handshake handshake = handshake(path, recorder, timeout);
        if (recorder.chain().isEmpty()) {
            throw new NotShown(path.authority() + " " + handshakeProblem(handshake, timeout));
        }
        ChainVerdict verdict = new ChainVerdict(path.server(), recorder.chain(), recorder.refusal(), now);
        return new ServerIdentity(
                recorder.chain(), recorder.protocol(), recorder.refusal() == null, verdict.findings());
    }

    private static Handshake handshake(ConnectionPath path, ChainRecorder recorder, Duration timeout)
            throws IOException {
        String hop = path.host() + ":" + path.port();
        try {
            return Handshake.of(path, recorder, Deadline.in(timeout));
        } catch (UnknownHostException unknown) {
            throw new NotShown(
                    "unknown host " + path.host() + ": the name does not resolve on this machine; check its spelling");
        } catch (ConnectionPath.ProxyRefusal refused) {
            throw new NotShown(
                    "the proxy " + hop + " did not open a tunnel to " + path.authority() + ": " + refused.getMessage());
        } catch (ConnectionPath.NoConnection none) {
            throw new NotShown(hop + " " + connectProblem(none, timeout));
        } catch (InterruptedIOException interrupted) {
            Thread.currentThread().interrupt();
            throw new NotShown("interrupted");
        }
    }

    /** A refusal by one address proves more than a timeout of the others. */
    private static String connectProblem(ConnectionPath.NoConnection none, Duration timeout) {
        boolean refused = Stream.of(none.getSuppressed())
                .anyMatch(each -> each instanceof ConnectException
                        && String.valueOf(each.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .contains("refused"));
        if (refused) {
            return "refuses the connection: is the server running, and is it this port? SSM On-Prem has 8443";
        }
        boolean timedOut = Stream.of(none.getSuppressed()).anyMatch(SocketTimeoutException.class::isInstance);
        return timedOut
                ? "does not answer within " + timeout.toSeconds() + " s: is there a firewall, or a proxy to use?"
                : "cannot be reached: "
                        + Stream.of(none.getSuppressed())
                                .map(Throwable::getMessage)
                                .findFirst()
                                .orElse("");
    }

    private static String handshakeProblem(Handshake handshake, Duration timeout) {
        return switch (handshake.reason()) {
            case Handshake.NOT_TLS -> "does not use TLS on this port; is it the HTTPS port?";
            case Handshake.RESET -> "closes the connection when the TLS handshake begins";
            case Handshake.TIMEOUT ->
                "accepted the connection but presented no certificate within " + timeout.toSeconds() + " s";
            case Handshake.NO_COMMON -> "and this Java have no common TLS version or cipher suite";
            default -> "aborted the TLS handshake: " + handshake.error();
        };
    }

    /** No certificate was received. The message has the readable reason. */
    public static final class NotShown extends IOException {
        private static final long serialVersionUID = 1L;

        NotShown(String message) {
            super(message);
        }
    }
}
