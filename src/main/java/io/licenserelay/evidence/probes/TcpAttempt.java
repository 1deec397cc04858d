package io.licenserelay.evidence.probes;

import io.licenserelay.text.WireNamed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;

/**
 * One connection to one address.
 *
 * @param millis time until the connection was established or failed
 */
record TcpAttempt(InetSocketAddress address, Outcome outcome, double millis) {

    /** The outcomes, in increasing order of certainty. */
    enum Outcome implements WireNamed {
        CONNECTED,
        /** This machine has no route to the address, for example IPv6. It proves nothing about the server. */
        NO_ROUTE,
        TIMEOUT,
        RESET,
        REFUSED
    }

    /** A load balancer without an available server accepts connections and drops them immediately. */
    private static final int STABLE_AFTER_MILLIS = 100;

    static TcpAttempt to(InetSocketAddress address, int timeoutMillis) {
        Stopwatch watch = Stopwatch.start();
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMillis);
            double millis = watch.millis();
            return new TcpAttempt(address, isStable(socket) ? Outcome.CONNECTED : Outcome.RESET, millis);
        } catch (IOException failed) {
            return new TcpAttempt(address, outcome(failed), watch.millis());
        }
    }

    boolean connected() {
        return outcome == Outcome.CONNECTED;
    }

    Map<String, Object> details() {
        return Map.of(
                "address", address.getAddress().getHostAddress(), "outcome", outcome.wireName(), "millis", millis);
    }

    /** {@code 192.0.2.7:8443 refused}. */
    @Override
    public String toString() {
        return address.getAddress().getHostAddress() + ":" + address.getPort() + " " + outcome.wireName();
    }

    private static boolean isStable(Socket socket) {
        try {
            socket.setSoTimeout(STABLE_AFTER_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException stillOpen) {
            return true;
        } catch (IOException dropped) {
            return false;
        }
    }

    private static Outcome outcome(IOException failed) {
        if (failed instanceof ConnectException) {
            return Outcome.REFUSED;
        }
        if (failed instanceof SocketTimeoutException || failed instanceof NoRouteToHostException) {
            return Outcome.TIMEOUT;
        }
        // All other failures have the same exception class. A connection may be dropped while connecting, and only
        // the message shows it.
        return String.valueOf(failed.getMessage()).contains("reset") ? Outcome.RESET : Outcome.NO_ROUTE;
    }
}
