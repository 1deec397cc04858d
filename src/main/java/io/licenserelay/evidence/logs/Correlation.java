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
 * Separates the lines of the failed request from other lines: by request id; otherwise by client, method, path and time. A status 200 for
 * another client proves nothing about the relay's request.
 */
final class Correlation {
    private static final Duration TOLERANCE = Duration.ofSeconds(60);
    private static final int SHORTEST_ID = 8;

    private final @Nullable HttpExchangeRecord exchange;
    private final Window window;
    private final Set<String> ownAddresses;
    private final boolean addressesKnown;

    private Correlation(
            @Nullable HttpExchangeRecord exchange, Window window, Set<String> ownAddresses, boolean addressesKnown) {
        this.exchange = exchange;
        this.window = window;
        this.ownAddresses = ownAddresses;
        this.addressesKnown = addressesKnown;
    }

    /**
     * Without configured addresses, the addresses of this machine are the relay's. While none of them occurs in the log, the relay may
     * appear under another address (that of a proxy or NAT), so no address counts as another client's.
     */
    static Correlation of(Failure failure, Window window, List<String> clients, List<LogLine> lines) {
        Set<String> ownAddresses = clients.isEmpty() ? thisMachine() : Set.copyOf(clients);
        boolean addressesKnown = !clients.isEmpty()
                || lines.stream().anyMatch(line -> line.client() != null && ownAddresses.contains(line.client()));
        return new Correlation(failure.exchange(), window, ownAddresses, addressesKnown);
    }

    LineOwner owner(LogLine line) {
        if (hasId(line)) {
            return LineOwner.FAILED_REQUEST;
        }
        String client = line.client();
        if (client == null) {
            return LineOwner.UNKNOWN;
        }
        if (!ownAddresses.contains(client)) {
            return addressesKnown ? LineOwner.OTHER_CLIENT : LineOwner.UNKNOWN;
        }
        return isRequested(line) ? LineOwner.FAILED_REQUEST : LineOwner.SAME_CLIENT;
    }

    /** Whether the line has the failed method and path at the time of the failure, from any client. */
    boolean isRequested(LogLine line) {
        LoggedRequest request = line.request();
        Stamp stamp = line.stamp();
        if (exchange == null || request == null || stamp == null) {
            return false;
        }
        Duration apart = Duration.between(window.failed(), stamp.at()).abs();
        return exchange.method().equals(request.method())
                && URI.create(exchange.url()).getRawPath().equals(request.path())
                && apart.compareTo(TOLERANCE.plus(exchange.took())) <= 0;
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
