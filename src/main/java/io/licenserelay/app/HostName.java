package io.licenserelay.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The name of the machine, as events tell it. */
final class HostName {
    private HostName() {}

    /** What the environment says, as containers set it, else what the system says; null when neither knows a name. */
    static @Nullable String ofThisMachine() {
        String configured = System.getenv("HOSTNAME");
        if (configured != null && !configured.isBlank()) {
            return configured.strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return null;
        }
    }
}
