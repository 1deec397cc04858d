package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many sites, some with a server that accepts connections but never answers. */
@Tag("deep")
@Tag("only-deep")
class ManySitesIT {
    private static final int SITES = 24;
    private static final int UNRESPONSIVE = 3;
    private static final int PARALLEL = 4;
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void allSitesRunWithinTheParallelLimitAndIdleSitesUseNoThread() throws Exception {
        try (SsmSimulator ssm = simulator();
                ServerSocket unresponsive = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            ssm.faults().set("latency", "millis", 300, "resource", "accounts");
            Configuration configuration = configuration(ssm, unresponsive.getLocalPort());
            new TopicSetup(configuration.settings()).ensure();
            int before = threads();
            try (Relay relay =
                    new Relay(configuration, Files.createDirectories(folder.resolve("data")), Clock.systemUTC())) {
                relay.start(Path.of("routes"), true);
                await().atMost(TIMEOUT).until(() -> finished(relay).size() == SITES);
                assertThat(finished(relay)).extracting(FinishedRun::cause).containsOnly("catch-up");
                assertThat(finished(relay)).extracting(FinishedRun::site).doesNotHaveDuplicates();
                assertThat(finished(relay).stream().filter(run -> run.outcome.equals("complete")))
                        .hasSize(SITES - UNRESPONSIVE);
                assertThat(maxParallel(finished(relay))).isBetween(PARALLEL / 2, PARALLEL);

                // Kafka's clients, the database and Camel have their own threads.
                await().atMost(TIMEOUT).until(() -> threads() - before < SITES);

                List<SyncResult> results = relay.asSyncs().sync(null, false);
                assertThat(results).extracting(SyncResult::site).containsExactlyElementsOf(names());
                assertThat(maxParallel(finished(relay))).isBetween(PARALLEL / 2, PARALLEL);
            }
        }
    }

    private static int threads() {
        return Thread.getAllStackTraces().size();
    }

    private record FinishedRun(String site, String cause, String outcome, long from, long to) {}

    private static int maxParallel(List<FinishedRun> runs) {
        return runs.stream()
                .mapToInt(run -> (int) runs.stream()
                        .filter(other -> other.from <= run.from && run.from < other.to)
                        .count())
                .max()
                .orElse(0);
    }

    private static List<FinishedRun> finished(Relay relay) {
        return relay.database().read(tx -> tx.createQuery("SELECT * FROM run WHERE finished_at IS NOT NULL")
                .map((row, context) -> new FinishedRun(
                        row.getString("site"),
                        row.getString("cause"),
                        row.getString("outcome"),
                        row.getLong("started_at"),
                        row.getLong("finished_at")))
                .list());
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SITES; i++) {
            names.add("site-" + i);
        }
        return names;
    }

    private Configuration configuration(SsmSimulator ssm, int silentPort) throws Exception {
        Path trust = ssm.authority().writeTo(folder.resolve("ca.pem"));
        StringBuilder yaml = new StringBuilder("sites:\n");
        for (String name : names()) {
            // The unresponsive sites are first, so that they occupy most of the parallel slots.
            boolean unresponsive = Integer.parseInt(name.substring(5)) < UNRESPONSIVE;
            yaml.append("""
                      - name: %s
                        schedule: "0 0 0 1 1 ? 2099"
                        jitter: 0s
                        probes: { deadline: 2s }
                        ssm:
                          url: "%s"
                          trust: "%s"
                          client: { id: relay, secret: "env:SECRET" }
                          limits: { connect: 2s, tls: 2s, response: 2s, total: 5s }
                    """.formatted(name, unresponsive ? "https://127.0.0.1:" + silentPort : ssm.url(), trust));
        }
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("relay.yaml"), yaml);
        List<String> properties = new ArrayList<>(List.of("ssm.retry.delay=20", "relay.sites.parallel=" + PARALLEL));
        properties.add("relay.kafka.brokers=" + RealKafka.brokers());
        for (Topic topic : Topic.values()) {
            properties.add("relay.topics." + topic.key() + "=" + RealKafka.prefix() + "." + topic.key());
        }
        Files.write(config.resolve("application.properties"), properties);
        return Configuration.read(config, Map.of("SECRET", "relay-secret-1"), Map.of());
    }

    private static SsmSimulator simulator() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        return SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }
}
