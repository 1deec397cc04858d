package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.excerpt.LineOwner;
import io.licenserelay.evidence.logs.file.Window;
import io.licenserelay.evidence.logs.line.LogLine;
import io.licenserelay.evidence.logs.line.LoggedRequest;
import io.licenserelay.evidence.logs.line.Stamp;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the lines about the failed request from those about others: by request id, else by client, method, path and time. That SSM
 * answered 200 to somebody else proves nothing about us.
 */
final class Correlation {
    private static final Duration CLOSE = Duration.ofSeconds(60);
    private static final int SHORTEST_ID = 8;

    private final @Nullable HttpExchangeRecord exchange;
    private final Window window;
    private final Set<String> own;
    private final boolean known;

    private Correlation(@Nullable HttpExchangeRecord exchange, Window window, Set<String> own, boolean known) {
        this.exchange = exchange;
        this.window = window;
        this.own = own;
        this.known = known;
    }

    /**
     * Without configured addresses those of this machine are ours; as long as none of them stands in the log, we may stand there under
     * another one (that of a proxy, of a NAT), and no address is taken for another client's.
     */
    static Correlation of(Failure failure, Window window, List<String> clients, List<LogLine> lines) {
        Set<String> own = clients.isEmpty() ? thisMachine() : Set.copyOf(clients);
        boolean known = !clients.isEmpty()
                || lines.stream().anyMatch(line -> line.client() != null && own.contains(line.client()));
        return new Correlation(failure.exchange(), window, own, known);
    }

    LineOwner owner(LogLine line) {
        if (hasId(line)) {
            return LineOwner.FAILED_REQUEST;
        }
        String client = line.client();
        if (client == null) {
            return LineOwner.UNKNOWN;
        }
        if (!own.contains(client)) {
            return known ? LineOwner.OTHER_CLIENT : LineOwner.UNKNOWN;
        }
        return isRequested(line) ? LineOwner.FAILED_REQUEST : LineOwner.SAME_CLIENT;
    }

    /** The method and path that failed, at the time when they did; by whom is another question. */
    boolean isRequested(LogLine line) {
        LoggedRequest request = line.request();
        Stamp stamp = line.stamp();
        if (exchange == null || request == null || stamp == null) {
            return false;
        }
        Duration apart = Duration.between(window.failed(), stamp.at()).abs();
        return exchange.method().equals(request.method())
                && URI.create(exchange.url()).getRawPath().equals(request.path())
                && apart.compareTo(CLOSE.plus(exchange.took())) <= 0;
    }

    private boolean hasId(LogLine line) {
        String id = exchange == null ? null : exchange.headers().get("x-request-id");
        return id != null && id.length() >= SHORTEST_ID && line.text().contains(id);
    }

    private static Set<String> thisMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
                    .collect(Collectors.toSet());
        } catch (SocketException noneKnown) {
            return Set.of();
        }
    }
}
