package io.licenserelay.evidence.syslog;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The allowed senders and their connections. When a limit is exceeded, the connection that was idle the longest is closed: a restarted
 * sender leaves dead connections and uses its newest one. Thread-safe.
 */
final class AllowedSenders {
    /** The limit of all connections; a log has only a few senders. */
    static final int MAX_CONNECTIONS = 200;

    /** The limit per address; several senders may share one address. */
    static final int MAX_OF_ONE = 50;

    private final Set<InetAddress> allowed;
    private final Consumer<String> refusals;
    private final Set<StreamFrames> open = new LinkedHashSet<>();

    /**
     * @param from IP addresses; empty allows all senders
     * @param refusals receives a phrase for each refused sender
     */
    AllowedSenders(List<String> from, Consumer<String> refusals) {
        this.allowed = addresses(from);
        this.refusals = refusals;
    }

    boolean admit(InetAddress sender) {
        boolean isAllowed = allowed.isEmpty() || allowed.contains(sender);
        if (!isAllowed) {
            refusals.accept(sender.getHostAddress() + ", which is not in the setting from");
        }
        return isAllowed;
    }

    /** Accepts the connection if its sender is allowed; the caller must then call {@link #disconnect}. May close another connection. */
    boolean connect(StreamFrames connection) {
        if (!admit(connection.sender())) {
            return false;
        }
        Optional<StreamFrames> toClose;
        synchronized (open) {
            toClose = connectionToClose(connection.sender());
            toClose.ifPresent(open::remove);
            open.add(connection);
        }
        toClose.ifPresent(each -> {
            refusals.accept(each.sender().getHostAddress()
                    + ", whose connection was idle the longest when there were more than " + MAX_OF_ONE
                    + " of one sender or " + MAX_CONNECTIONS + " in all");
            each.end();
        });
        return true;
    }

    void disconnect(StreamFrames connection) {
        synchronized (open) {
            open.remove(connection);
        }
    }

    /** The connection to close before the sender gets another one: the longest idle one of this sender, or of the sender with the most. */
    private Optional<StreamFrames> connectionToClose(InetAddress sender) {
        Map<InetAddress, List<StreamFrames>> bySender =
                open.stream().collect(Collectors.groupingBy(StreamFrames::sender));
        List<StreamFrames> own = bySender.getOrDefault(sender, List.of());
        List<StreamFrames> candidates = own.size() >= MAX_OF_ONE
                ? own
                : open.size() < MAX_CONNECTIONS
                        ? List.of()
                        : bySender.values().stream()
                                .max(Comparator.comparingInt(List::size))
                                .orElse(List.of());
        return candidates.stream().max(Comparator.comparing(StreamFrames::idleTime));
    }

    private static Set<InetAddress> addresses(List<String> from) {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (String each : from) {
            try {
                // A numeric address; no DNS query is made.
                addresses.add(InetAddress.getByName(each));
            } catch (UnknownHostException noAddress) {
                throw new IllegalArgumentException(each + " is not an address", noAddress);
            }
        }
        return addresses;
    }
}
