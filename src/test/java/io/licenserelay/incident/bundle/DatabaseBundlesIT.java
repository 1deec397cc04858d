package io.licenserelay.incident.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Settings;
import io.licenserelay.event.Digests;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures of a cluster: the database has them within limits, and a bundle says what it lacks. */
class DatabaseBundlesIT {
    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
    private static final byte[] CAPTURE = random(2_000_000);

    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() throws Exception {
        database = TestStore.POSTGRESQL.open(folder.resolve("data"));
        Files.createDirectories(folder.resolve("node-1/captures"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aCaptureOfOneNodeIsInTheBundleThatAnotherMachineMakes() throws Exception {
        collect("one");
        bundles(new Settings.Bundles(10, 100L << 20, Duration.ofDays(30)), START)
                .catchUp();
        EvidenceBundle bundle = bundle("one");
        assertThat(bundle.entries().get("captures/one.pcap")).isEqualTo(CAPTURE);
        assertThat(bundle.manifest().has("missing")).isFalse();
        assertThat(bundle.manifest().at("/versions/relay").asText()).isEqualTo("1.0");
    }

    @Test
    void theOldestCapturesAreDeletedBeyondTheLimitsAndTheBundleSaysWhatItLacks() throws Exception {
        for (String limit : new String[] {"count", "size", "age"}) {
            database.write("hq", tx -> tx.execute("DELETE FROM evidence_capture"));
            Settings.Bundles limits = new Settings.Bundles(
                    limit.equals("count") ? 2 : 10,
                    limit.equals("size") ? 2L * CAPTURE.length : 100L << 20,
                    limit.equals("age") ? Duration.ofSeconds(15) : Duration.ofDays(30));
            for (int i = 0; i < 3; i++) {
                collect(limit + i);
                bundles(limits, START.plusSeconds(10L * i)).catchUp();
            }
            assertThat(bundle(limit + 0).entries()).as(limit).doesNotContainKey("captures/" + limit + 0 + ".pcap");
            assertThat(bundle(limit + 0).manifest().path("missing"))
                    .isEqualTo(Json.MAPPER.readTree("[\"captures/" + limit + 0 + ".pcap\"]"));
            assertThat(bundle(limit + 0).entries()).containsKey("evidence/000000.json");
            assertThat(bundle(limit + 1).entries()).as(limit).containsKey("captures/" + limit + 1 + ".pcap");
            assertThat(bundle(limit + 2).entries()).as(limit).containsKey("captures/" + limit + 2 + ".pcap");
        }
    }

    private DatabaseBundles bundles(Settings.Bundles limits, Instant now) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return new DatabaseBundles(
                database, folder.resolve("node-1"), limits, () -> Map.of("relay", "1.0"), clock, clock);
    }

    private EvidenceBundle bundle(String incident) throws Exception {
        byte[] bytes = BundleContent.of(database, incident, folder.resolve("other machine"))
                .orElseThrow()
                .bytes();
        return EvidenceBundle.read(Files.write(folder.resolve("read.tar.gz"), bytes));
    }

    /** An incident whose evidence names a capture of this node. */
    private void collect(String incident) throws Exception {
        Files.write(folder.resolve("node-1/captures").resolve(incident + ".pcap"), CAPTURE);
        String body = "{\"probes\":[{\"probe\":\"capture\",\"details\":{\"file\":\"" + incident
                + ".pcap\",\"sha256\":\"" + Digests.sha256(CAPTURE) + "\"}}],\"findings\":[]}";
        database.write("hq", tx -> {
            tx.execute(
                    "INSERT INTO incident (id, dedup_key, site, flow, is_open, code, severity, summary, occurrences,"
                            + " sequence, trigger_event, last_data, opened_at, updated_at)"
                            + " VALUES (?, ?, 'hq', 'pull', 0, 'LIC9999', 'error', 's', 1, 0, 'e', '{}', 0, 0)",
                    incident,
                    "license-relay/" + incident);
            return tx.execute(
                    "INSERT INTO evidence (incident_id, sequence, run_id, collected_at, sha256, body)"
                            + " VALUES (?, 0, 1, 0, 'x', ?)",
                    incident,
                    body);
        });
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
