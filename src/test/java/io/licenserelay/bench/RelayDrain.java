package io.licenserelay.bench;

import static org.awaitility.Awaitility.await;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Event;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** In a separate JVM: a relay to whose outbox one transaction adds many events. */
final class RelayDrain {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private RelayDrain() {}

    public static void main(String[] arguments) throws Exception {
        Path config = Path.of(arguments[0]);
        String topic =
                Configuration.read(config, System.getenv(), Map.of()).settings().topic(Topic.LICENSES);
        int count = Integer.parseInt(arguments[2]);
        try (Relay relay = Relays.started(config, Path.of(arguments[1]), Path.of("routes"))) {
            // A relay of a cluster owns the publication soon after its start.
            await().atMost(TIMEOUT).until(() -> relay.database().owns(Database.RELAY));
            relay.database().write(Database.RELAY, tx -> {
                for (int number = 0; number < count; number++) {
                    Event event = LicenseChanges.event(number);
                    relay.outbox().append(tx, topic, event);
                }
                return count;
            });
            ChildJvm.timed("drained", () -> {
                if (relay.drain(TIMEOUT) > 0) {
                    throw new IllegalStateException("events are still in the outbox after " + TIMEOUT);
                }
            });
        }
    }
}
