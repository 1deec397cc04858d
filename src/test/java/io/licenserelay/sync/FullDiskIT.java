package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.SqliteOnly;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SqliteOnly("the file cannot grow")
class FullDiskIT {
    @TempDir
    Path folder;

    /** @param spare the number of free bytes: enough for an incident, but not for the licenses of the site */
    @ParameterizedTest
    @ValueSource(ints = {0, 250_000})
    void aFullDiskIsReportedOnceSpaceIsFreeAndTheNextSyncIsComplete(int spare) throws Exception {
        Estate estate = Estate.of();
        try (SsmSimulator ssm = SmallSsm.start(estate);
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            relay.relay().drain(Duration.ofSeconds(20));

            freeSpace(relay, spare);
            // The same error as on a full disk: the database cannot grow by a single page.
            setPageLimit(relay, "PRAGMA max_page_count = 1");
            for (int i = 0; i < 5_000; i++) {
                estate.account("ACME").va("Default").license("License " + i, 1, 0, "In Compliance");
            }
            assertThat(syncFails(relay)).isTrue();
            assertThat(licenses(relay)).isEqualTo(1);
            assertThat(diskEvents(relay)).isEmpty();

            setPageLimit(relay, "PRAGMA max_page_count = 1073741823");
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(diskEvents(relay))
                    .containsExactly("trigger license-relay/relay/relay", "resolve license-relay/relay/relay"));
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(licenses(relay)).isEqualTo(5_001);
        }
    }

    private static boolean syncFails(TempRelay relay) throws InterruptedException {
        try {
            return relay.sync().outcome().equals("failed");
        } catch (IllegalStateException diskFull) {
            return String.valueOf(diskFull.getMessage()).contains("full");
        }
    }

    private static List<String> diskEvents(TempRelay relay) throws InterruptedException {
        return relay.events(Topic.FAILURES).stream()
                .filter(event -> event.at("/data/diagnosis/code").asText().equals("LIC8002"))
                .map(event -> event.at("/data/state").asText() + " "
                        + event.at("/data/dedupKey").asText())
                .toList();
    }

    /** Sets the limit on the only connection that writes. */
    private static void setPageLimit(TempRelay relay, String pragma) {
        relay.relay().database().write(Database.RELAY, tx -> tx.createQuery(pragma)
                .mapTo(Long.class)
                .one());
    }

    private static void freeSpace(TempRelay relay, int bytes) {
        relay.relay().database().write(Database.RELAY, tx -> {
            tx.execute("CREATE TABLE spare (filler BLOB)");
            return tx.execute("INSERT INTO spare VALUES (zeroblob(?))", bytes);
        });
        relay.relay().database().write(Database.RELAY, tx -> tx.execute("DROP TABLE spare"));
    }

    private static long licenses(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT COUNT(*) FROM license WHERE gone_run IS NULL")
                .mapTo(Long.class)
                .one());
    }
}
