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
 * Who may send, and over which connections. Whoever opens more than it may loses the one that was silent the longest: a sender that
 * restarted leaves dead ones behind, and its newest is the one that it uses. Thread-safe.
 */
final class AllowedSenders {
    /** A log has a few senders; who opens more has lost count, or means harm. */
    static final int MOST_CONNECTIONS = 200;

    /** Several senders may stand behind one address. */
    static final int MOST_OF_ONE = 50;

    private final Set<InetAddress> allowed;
    private final Consumer<String> refusals;
    private final Set<StreamFrames> open = new LinkedHashSet<>();

    /**
     * @param from addresses in digits; empty means everybody
     * @param refusals told of everyone who is refused, in a phrase
     */
    AllowedSenders(List<String> from, Consumer<String> refusals) {
        this.allowed = addresses(from);
        this.refusals = refusals;
    }

    boolean admit(InetAddress sender) {
        boolean may = allowed.isEmpty() || allowed.contains(sender);
        if (!may) {
            refusals.accept(sender.getHostAddress() + ", which is not in from");
        }
        return may;
    }

    /** Takes the connection when its sender may send; then {@link #disconnect} belongs to it. Another may have to end for it. */
    boolean connect(StreamFrames connection) {
        if (!admit(connection.sender())) {
            return false;
        }
        Optional<StreamFrames> ending;
        synchronized (open) {
            ending = tooMany(connection.sender());
            ending.ifPresent(open::remove);
            open.add(connection);
        }
        ending.ifPresent(each -> {
            refusals.accept(
                    each.sender().getHostAddress() + ", whose connection was silent the longest of those beyond "
                            + MOST_OF_ONE + " of one sender or " + MOST_CONNECTIONS + " in all");
            each.end();
        });
        return true;
    }

    void disconnect(StreamFrames connection) {
        synchronized (open) {
            open.remove(connection);
        }
    }

    /** Which one to end before the sender gets another: of its own, or else of the sender that has the most. */
    private Optional<StreamFrames> tooMany(InetAddress sender) {
        Map<InetAddress, List<StreamFrames>> bySender =
                open.stream().collect(Collectors.groupingBy(StreamFrames::sender));
        List<StreamFrames> own = bySender.getOrDefault(sender, List.of());
        List<StreamFrames> candidates = own.size() >= MOST_OF_ONE
                ? own
                : open.size() < MOST_CONNECTIONS
                        ? List.of()
                        : bySender.values().stream()
                                .max(Comparator.comparingInt(List::size))
                                .orElse(List.of());
        return candidates.stream().max(Comparator.comparing(StreamFrames::silence));
    }

    private static Set<InetAddress> addresses(List<String> from) {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (String each : from) {
            try {
                // Digits, which no name server is asked for.
                addresses.add(InetAddress.getByName(each));
            } catch (UnknownHostException noAddress) {
                throw new IllegalArgumentException(each + " is no address", noAddress);
            }
        }
        return addresses;
    }
}
