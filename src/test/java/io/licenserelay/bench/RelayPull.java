package io.licenserelay.bench;

import io.licenserelay.app.Relay;
import java.nio.file.Path;

/** In a separate JVM: syncs twice, and prints the time of each sync and the peak of the resident memory. */
final class RelayPull {
    private RelayPull() {}

    public static void main(String[] arguments) throws Exception {
        long expected = Long.parseLong(arguments[3]);
        try (Relay relay = Relays.started(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]))) {
            for (String pull : new String[] {"first", "second"}) {
                ChildJvm.timed(pull, () -> sync(relay, expected));
            }
        }
        ChildJvm.print("resident", Relays.peakResidentMegabytes());
    }

    private static void sync(Relay relay, long expected) throws InterruptedException {
        long licenses = Relays.sync(relay).licenses();
        if (licenses != expected) {
            throw new IllegalStateException(licenses + " licenses were received instead of " + expected);
        }
    }
}
