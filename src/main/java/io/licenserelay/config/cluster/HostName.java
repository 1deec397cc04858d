package io.licenserelay.config.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The host name of the machine: in events, and the default name of a node. */
public final class HostName {
    private HostName() {}

    /** The value of HOSTNAME, which containers set, otherwise the system's host name; null if there is neither. */
    public static @Nullable String of(Map<String, String> environment) {
        String configured = environment.get("HOSTNAME");
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
