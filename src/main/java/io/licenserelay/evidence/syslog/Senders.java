package io.licenserelay.evidence.syslog;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Who may send. Thread-safe. */
final class Senders {
    /** A log has a few senders; who opens more has lost count, or means harm. */
    static final int MOST_CONNECTIONS = 200;

    private final Set<InetAddress> allowed;
    private final Consumer<String> refusals;
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * @param from addresses in digits; empty means everybody
     * @param refusals told of everyone who is refused, in a phrase
     */
    Senders(List<String> from, Consumer<String> refusals) {
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

    /** Also counts the connection when it may stay; then {@link #disconnect} belongs to it. */
    boolean connect(InetAddress sender) {
        if (!admit(sender)) {
            return false;
        }
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            connections.decrementAndGet();
            refusals.accept(sender.getHostAddress() + ", beyond " + MOST_CONNECTIONS + " connections");
            return false;
        }
        return true;
    }

    void disconnect() {
        connections.decrementAndGet();
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
