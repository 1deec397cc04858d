package io.licenserelay.bench;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Event;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** In a JVM of its own: a relay that finds many events in its outbox from one moment to the next. */
final class RelayDrain {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private RelayDrain() {}

    public static void main(String[] arguments) throws Exception {
        Path config = Path.of(arguments[0]);
        String topic =
                Configuration.read(config, System.getenv(), Map.of()).settings().topic(Topic.LICENSES);
        int count = Integer.parseInt(arguments[2]);
        try (Relay relay = Relays.started(config, Path.of(arguments[1]), Path.of("routes"))) {
            relay.database().write(Database.RELAY, tx -> {
                for (int number = 0; number < count; number++) {
                    Event event = LicenseChanges.event(number);
                    relay.outbox().append(tx, topic, event);
                }
                return count;
            });
            ChildJvm.timed("drained", () -> {
                if (relay.drain(LONGEST) > 0) {
                    throw new IllegalStateException("events still wait after " + LONGEST);
                }
            });
        }
    }
}
