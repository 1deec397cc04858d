package io.licenserelay.bench;

import io.licenserelay.cli.Relay;
import java.nio.file.Path;

/** In a JVM of its own: syncs twice, and says how long each took and how much memory was resident at most. */
final class RelayPull {
    private RelayPull() {}

    public static void main(String[] arguments) throws Exception {
        long expected = Long.parseLong(arguments[3]);
        try (Relay relay = Relays.started(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]))) {
            for (String pull : new String[] {"first", "second"}) {
                long start = System.nanoTime();
                long licenses = Relays.sync(relay).licenses();
                ChildJvm.say(pull, ChildJvm.secondsSince(start));
                if (licenses != expected) {
                    throw new IllegalStateException(licenses + " licenses came, not " + expected);
                }
            }
        }
        ChildJvm.say("resident", Relays.residentMegabytes());
    }
}
