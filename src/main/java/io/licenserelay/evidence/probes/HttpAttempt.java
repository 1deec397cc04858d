package io.licenserelay.evidence.probes;

import io.licenserelay.evidence.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** One GET without credentials on one connection path, phase by phase. Used once. */
final class HttpAttempt {
    private static final int MAX_BODY = 4096;
    private static final int MAX_HEADER = 200;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final ConnectionPath path;
    private final Supplier<Socket> sockets;
    private final Clock clock;
    private final Deadline deadline;
    private final Map<String, Double> millis = new LinkedHashMap<>();
    private final Map<String, Object> details = new LinkedHashMap<>();
    private String reason = "";
    private int status;
    private boolean handshakeDone;
    private @Nullable ClockOffset offset;

    HttpAttempt(ConnectionPath path, Clock clock, Deadline deadline) {
        this(path, clock, deadline, Socket::new);
    }

    /** @param sockets supplies an unconnected socket for each address that is tried */
    HttpAttempt(ConnectionPath path, Clock clock, Deadline deadline, Supplier<Socket> sockets) {
        this.path = path;
        this.sockets = sockets;
        this.clock = clock;
        this.deadline = deadline;
    }

    /** Never throws; {@link #reason} has the failure. */
    HttpAttempt run(SSLContext context) {
        try {
            reason = exchange(context);
        } catch (UnknownHostException unknown) {
            reason = "dns";
        } catch (ConnectionPath.ProxyRefusal refused) {
            reason = "proxy";
            details.put("proxyError", String.valueOf(refused.getMessage()));
        } catch (ConnectionPath.NoConnection refused) {
            reason = path.proxied() ? "proxy" : "tcp";
        } catch (SocketTimeoutException timeout) {
            reason = "no-answer";
        } catch (InterruptedIOException interrupted) {
            reason = "interrupted";
        } catch (HttpException malformed) {
            reason = "malformed";
        } catch (IOException broken) {
            reason = deadline.passed()
                    ? "no-answer"
                    : !handshakeDone && broken instanceof SSLException ? "tls" : "reset";
            details.put("error", String.valueOf(broken.getMessage()));
        }
        return this;
    }

    /**
     * {@code ok}, {@code unavailable}, {@code server-error} for an answer; {@code no-answer}, {@code reset},
     * {@code malformed}, {@code proxy}; {@code dns}, {@code tcp}, {@code tls}, {@code interrupted}.
     */
    String reason() {
        return reason;
    }

    /** HTTP status, or 0 without an answer. */
    int status() {
        return status;
    }

    Map<String, Double> millis() {
        return millis;
    }

    Map<String, Object> details() {
        return details;
    }

    @Nullable
    ClockOffset offset() {
        return offset;
    }

    private String exchange(SSLContext context) throws IOException, HttpException {
        Stopwatch connect = Stopwatch.start();
        try (Socket socket = path.open(sockets, deadline)) {
            millis.put("connect", connect.millis());
            if (!path.tls()) {
                return sendAndRead(socket);
            }
            Stopwatch handshake = Stopwatch.start();
            try (SSLSocket tls = path.secure(socket, context, deadline)) {
                tls.startHandshake();
                handshakeDone = true;
                millis.put("tls", handshake.millis());
                return sendAndRead(tls);
            }
        }
    }

    private String sendAndRead(Socket socket) throws IOException, HttpException {
        socket.setSoTimeout(ConnectionPath.millis(path.limits().response(), deadline));
        try (DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(ConnectionPath.HEAD_LIMITS)) {
            connection.bind(socket);
            Stopwatch wait = Stopwatch.start();
            connection.sendRequestHeader(request());
            connection.flush();
            ClassicHttpResponse answer = connection.receiveResponseHeader();
            Instant received = clock.instant();
            double waited = wait.millis();
            millis.put("wait", waited);
            note(answer, received, waited);
            Stopwatch transfer = Stopwatch.start();
            connection.receiveResponseEntity(answer);
            details.put("bytesRead", read(answer.getEntity()));
            millis.put("transfer", transfer.millis());
            return reasonOfStatus();
        }
    }

    private BasicClassicHttpRequest request() {
        String rawPath = path.url().getRawPath();
        String base = rawPath == null || rawPath.isEmpty() ? "/" : rawPath;
        BasicClassicHttpRequest request =
                new BasicClassicHttpRequest("GET", new HttpHost(path.tls() ? "https" : "http", path.server()), base);
        // A proxy without a tunnel needs the absolute URL.
        request.setAbsoluteRequestUri(path.proxied() && !path.tls());
        request.setHeader("Host", path.authority());
        request.setHeader("User-Agent", "license-relay probe");
        request.setHeader("Accept", "*/*");
        request.setHeader("Connection", "close");
        return request;
    }

    private void note(ClassicHttpResponse answer, Instant received, double waited) {
        status = answer.getCode();
        details.put("status", status);
        for (String name : new String[] {"server", "content-type", "date"}) {
            if (answer.containsHeader(name)) {
                details.put(name, printable(answer.getFirstHeader(name).getValue()));
            }
        }
        Instant date = DateUtils.parseStandardDate(answer, "date");
        if (date != null) {
            offset = ClockOffset.of(date, received, waited);
            details.put("clockOffsetSeconds", offset.seconds());
            details.put("clockDoubtSeconds", offset.uncertainty());
        }
    }

    private static int read(@Nullable HttpEntity body) throws IOException {
        if (body == null) {
            return 0;
        }
        // Not closed: that would read the rest of the body, and the connection is not reused.
        InputStream in = body.getContent();
        return in.readNBytes(MAX_BODY).length;
    }

    private String reasonOfStatus() {
        return switch (status) {
            case 502, 503, 504 -> "unavailable";
            default -> status / 100 == 5 ? "server-error" : path.proxied() && status == 407 ? "proxy" : "ok";
        };
    }

    private static String printable(@Nullable String header) {
        String text = CONTROL.matcher(String.valueOf(header)).replaceAll("\uFFFD");
        return text.substring(0, Math.min(MAX_HEADER, text.length()));
    }
}
