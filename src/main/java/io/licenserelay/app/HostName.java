package io.licenserelay.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The name of the machine, as events tell it. */
final class HostName {
    private HostName() {}

    /** What the environment says, as containers set it, else what the system says; null when neither knows a name. */
    static @Nullable String ofThisMachine() {
        String told = System.getenv("HOSTNAME");
        if (told != null && !told.isBlank()) {
            return told.strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return null;
        }
    }
}
