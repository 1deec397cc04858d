package io.licenserelay.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The host name of the machine in events. */
final class HostName {
    private HostName() {}

    /** The value of HOSTNAME, which containers set, otherwise the system's host name; null if there is neither. */
    static @Nullable String ofThisMachine() {
        String configured = System.getenv("HOSTNAME");
        if (configured != null && !configured.isBlank()) {
            return configured.strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
