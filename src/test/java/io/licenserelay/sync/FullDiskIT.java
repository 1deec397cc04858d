package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.demo.Estate;
import io.licenserelay.demo.SsmSimulator;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.site.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskIT {
    @TempDir
    Path folder;

    @Test
    void aFullDiskIsToldOfAsSoonAsThereIsRoomAgainAndTheNextSyncIsRight() throws Exception {
        Estate estate = Estate.of();
        try (SsmSimulator ssm = SmallSsm.start(estate);
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            relay.relay().drain(Duration.ofSeconds(20));

            // The very error that a full disk gives: the database may not grow by a single page.
            pages(relay, "PRAGMA max_page_count = 1");
            for (int i = 0; i < 5_000; i++) {
                estate.account("ACME").va("Default").license("License " + i, 1, 0, "In Compliance");
            }
            assertThat(failedOrThrown(relay)).isTrue();
            assertThat(licenses(relay)).isEqualTo(1);

            pages(relay, "PRAGMA max_page_count = 1073741823");
            await().atMost(Duration.ofMinutes(3))
                    .untilAsserted(() -> assertThat(diskEvents(relay)).containsExactly("trigger", "resolve"));
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(licenses(relay)).isEqualTo(5_001);
        }
    }

    private static boolean failedOrThrown(TempRelay relay) throws InterruptedException {
        try {
            return relay.sync().outcome().equals("failed");
        } catch (IllegalStateException unfinished) {
            return String.valueOf(unfinished.getMessage()).contains("full");
        }
    }

    private static List<String> diskEvents(TempRelay relay) throws InterruptedException {
        return relay.events(Topic.FAILURES).stream()
                .filter(event -> event.at("/data/dedupKey").asText().equals("license-relay/relay/relay"))
                .filter(event -> event.at("/data/diagnosis/code").asText().equals("LIC8002"))
                .map(event -> event.at("/data/state"))
                .map(JsonNode::asText)
                .toList();
    }

    /** There is one connection that writes, so what is set on it counts. */
    private static void pages(TempRelay relay, String pragma) {
        relay.relay()
                .database()
                .write(tx -> tx.createQuery(pragma).mapTo(Long.class).one());
    }

    private static long licenses(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT COUNT(*) FROM license WHERE gone_run IS NULL")
                .mapTo(Long.class)
                .one());
    }
}
