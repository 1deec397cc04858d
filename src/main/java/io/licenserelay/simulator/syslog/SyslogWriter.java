package io.licenserelay.simulator.syslog;

import io.licenserelay.simulator.fault.ActiveFault;
import io.licenserelay.simulator.fault.Fault;
import io.licenserelay.simulator.fault.Faults;
import io.licenserelay.simulator.http.Call;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code messages} as the host of SSM On-Prem does: syslog timestamps without year and zone (UTC here), and
 * container ids as process names. The messages have the formats of nginx, Rails (lograge), redis and chronyd, and
 * report the actual requests and faults. Safe for use by many threads.
 */
public final class SyslogWriter {
    private static final String HOST = "SSM-On-Prem";
    private static final String NGINX = "504f06c0d581";
    private static final String RAILS = "1a1fca641d0a";
    private static final String REDIS = "7c0e2d9ab416";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter ACCESS = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
    private static final DateTimeFormatter ERROR = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter REDIS_STAMP =
            DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ROOT);

    private final @Nullable RotatingFile file;
    private final @Nullable SyslogSender receiver;
    private final Clock clock;
    private final AtomicLong connections = new AtomicLong(1575);
    private volatile long skewSeconds;
    private volatile boolean sessionsDown;

    /**
     * @param folder null: no file is written
     * @param receiver also receives every line; null: nothing is sent
     */
    public SyslogWriter(@Nullable Path folder, long maxBytes, @Nullable InetSocketAddress receiver, Clock clock)
            throws IOException {
        this.file = folder == null ? null : new RotatingFile(folder, "messages", maxBytes);
        this.receiver = receiver == null ? null : new SyslogSender(receiver);
        this.clock = clock;
    }

    /** Closes the socket of the sender. */
    public void close() {
        if (receiver != null) {
            receiver.close();
        }
    }

    public void started() {
        line(REDIS, "1:M " + REDIS_STAMP.format(now()) + " * Ready to accept connections");
        line("chronyd[812]", "Selected source 127.127.1.1");
    }

    public void answered(Call call) {
        String request = request(call);
        String client = call.client().getHostAddress();
        if (call.status() == 502) {
            line(NGINX, upstreamError(client, request, "", "http://127.0.0.1:3000" + call.rawPath()));
        } else if (call.status() == 500 && sessionsDown) {
            // auth_request of nginx answers 500 for every status of its subrequest except 2xx, 401 and 403.
            line(NGINX, upstreamError(client, request, "/sessions/get_user", "http://127.0.0.1:6379"));
        } else if (call.status() != 499) {
            line(RAILS, lograge(call));
        }
        String accessTime = ACCESS.format(now());
        line(NGINX, client + " - - [" + accessTime + "] \"" + request + "\" " + call.status() + " " + call.sent());
    }

    /** Logs the faults that a host logs. A wrong clock also changes the timestamps. */
    public void faults(Faults faults) {
        ActiveFault skew = faults.peek(Fault.CLOCK_SKEW);
        long previous = skewSeconds;
        skewSeconds = skew == null ? 0 : skew.number("seconds");
        if (skewSeconds != previous) {
            line("chronyd[812]", "System clock wrong by " + (previous - skewSeconds) + ".000000 seconds");
        }
        sessionsDown = faults.peek(Fault.SERVICE_DOWN) != null;
        if (faults.peek(Fault.BAD_GATEWAY) != null || sessionsDown) {
            line(REDIS, "1:signal-handler (" + now().toEpochSecond() + ") Received SIGTERM scheduling shutdown...");
        }
    }

    private String upstreamError(String client, String request, String subrequest, String upstream) {
        return ERROR.format(now()) + " [error] 47#47: *" + connections.incrementAndGet()
                + " connect() failed (111: Connection refused) while connecting to upstream, client: " + client
                + ", server: localhost, request: \"" + request + "\""
                + (subrequest.isEmpty() ? "" : ", subrequest: \"" + subrequest + "\"")
                + ", upstream: \"" + upstream + "\"";
    }

    private static String lograge(Call call) {
        List<String> path = call.segments();
        boolean token = path.contains("token");
        String controller = token ? "Doorkeeper::TokensController" : "Api::V1::" + camelCase(last(path)) + "Controller";
        return String.format(
                Locale.ROOT,
                "method=%s path=%s format=json controller=%s action=%s status=%d",
                call.method(),
                call.rawPath(),
                controller,
                token ? "create" : "index",
                call.status());
    }

    private static String last(List<String> path) {
        return path.isEmpty() ? "home" : path.get(path.size() - 1);
    }

    private static String camelCase(String text) {
        StringBuilder name = new StringBuilder();
        for (String part : text.split("[^A-Za-z0-9]+", -1)) {
            name.append(part.substring(0, Math.min(1, part.length())).toUpperCase(Locale.ROOT))
                    .append(part.substring(Math.min(1, part.length())));
        }
        return name.toString();
    }

    /** Includes the query, as a web server does, so that tests find a secret that a client puts into it. */
    private static String request(Call call) {
        String query = call.query() == null ? "" : "?" + call.query();
        return call.method() + " " + call.rawPath() + query + " HTTP/1.1";
    }

    private void line(String tag, String text) {
        String line = STAMP.format(now()) + " " + HOST + " " + tag + ": " + text;
        if (file != null) {
            file.append(line);
        }
        if (receiver != null) {
            receiver.send(line);
        }
    }

    private ZonedDateTime now() {
        return clock.instant().plusSeconds(skewSeconds).atZone(ZoneOffset.UTC);
    }
}
