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
 * @param millis until it stood, or until it failed
 */
record TcpAttempt(InetSocketAddress address, Outcome outcome, double millis) {

    /** What may happen, the more telling the later. */
    enum Outcome implements WireNamed {
        CONNECTED,
        /** This machine has no way to such an address, IPv6 for example: says nothing about the server. */
        NO_ROUTE,
        TIMEOUT,
        RESET,
        REFUSED
    }

    /** A load balancer without a living server behind it takes connections, and drops them at once. */
    private static final int STANDS_AFTER_MILLIS = 100;

    static TcpAttempt to(InetSocketAddress address, int patienceMillis) {
        Stopwatch watch = Stopwatch.start();
        try (Socket socket = new Socket()) {
            socket.connect(address, patienceMillis);
            double millis = watch.millis();
            return new TcpAttempt(address, stands(socket) ? Outcome.CONNECTED : Outcome.RESET, millis);
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

    private static boolean stands(Socket socket) {
        try {
            socket.setSoTimeout(STANDS_AFTER_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException quiet) {
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
        // The rest has one class; a drop may come so early that connecting already fails, and only the text says so.
        return String.valueOf(failed.getMessage()).contains("reset") ? Outcome.RESET : Outcome.NO_ROUTE;
    }
}
