package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.http.RequestLog;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code run} stops and continues in a separate process. {@link BesideRelayIT} tests other commands while it runs. */
class RunCommandIT {
    private static final int STOPPED = 0;
    /** A stop takes less than 10 s if no other tests run at the same time. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(45);

    @TempDir
    Path folder;

    @Test
    void aRelayTerminatedDuringARunStopsPromptlyAndCatchesUpAndKeepsEventsWithoutKafka() throws Exception {
        try (OneSite site = OneSite.in(folder);
                EmbeddedKafka kafka = EmbeddedKafka.start()) {
            site.files().site("schedule", "'* * * * * ?'").brokers(kafka.brokers());
            Settings settings = site.writeWithTopicsAndStore();
            try (RelayProcess relay = site.start("run")) {
                awaitFirstRun(site, relay);
                site.ssm().faults().set("latency", "millis", 60_000, "resource", "licenses", "va", "Default");
                site.ssm().faults().set("unavailable", "retry-after", 60, "resource", "licenses", "va", "Lab");
                awaitStuckRun(site.ssm().requests());
                assertThat(timeToTerminate(relay)).isLessThan(STOP_TIMEOUT);
                assertThat(relay.err()).doesNotContain("Timeout occurred");
            }
            site.ssm().faults().clear();
            try (RelayProcess relay = site.start("run")) {
                awaitFirstRun(site, relay);
                assertThat(relay.err()).contains("1 run was interrupted", "begins (catch-up)");
                await().atMost(Duration.ofMinutes(3))
                        .until(() -> RealKafka.events(kafka.brokers(), settings.topic(Topic.SYNCS))
                                        .size()
                                > 1);
                assertThat(RealKafka.events(kafka.brokers(), settings.topic(Topic.FAILURES)))
                        .isEmpty();
                assertThat(RealKafka.events(kafka.brokers(), settings.topic(Topic.SYNCS)))
                        .hasSizeGreaterThan(1)
                        .allSatisfy(event ->
                                assertThat(event.at("/data/outcome").asText()).isEqualTo("complete"));
                assertThat(count(site, "incident")).isZero();

                kafka.close();
                assertThat(site.run("sync").exitCode()).isZero();
                assertThat(timeToTerminate(relay)).isLessThan(STOP_TIMEOUT);
                assertThat(relay.err()).doesNotContain("Timeout occurred");
            }
            assertThat(count(site, "outbox")).isPositive();
        }
    }

    @Test
    void aSiteInANewFileRunsWithoutARestartAndABadFileChangesNothing() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.files().setting("configuration.period", "500");
            site.writeWithTopicsAndStore();
            try (RelayProcess relay = site.start("run")) {
                awaitFirstRun(site, relay);
                Path file = Files.createDirectories(site.config().resolve("sites.d"))
                        .resolve("berlin.yaml");
                Files.writeString(file, "sites:\n  - { name: berlin, smm: { url: x } }\n");
                awaitLine(relay, "the changed configuration is refused; the relay goes on with the earlier one");
                assertThat(relay.err()).contains("berlin.yaml:2: ");

                Files.writeString(
                        file,
                        "sites:\n  - { name: berlin, jitter: 0s, ssm: { url: '"
                                + site.ssm().url() + "', trust: '"
                                + folder.resolve("ssm-ca.pem") + "', client: { id: relay, secret: 'file:"
                                + folder.resolve("secret") + "' } } }\n");
                awaitLine(relay, "the sites follow the configuration: [berlin] added, [] changed, [] removed");
                awaitLine(
                        relay,
                        "Incidents relay: recovered, was: relay: The changed configuration is not used (LIC8008)");
                await().atMost(Duration.ofMinutes(3))
                        .until(() -> relay.err().matches("(?s).*berlin: sync \\d+ ended complete.*"));

                Files.delete(file);
                awaitLine(relay, "the sites follow the configuration: [] added, [] changed, [berlin] removed");
                assertThat(relay.err()).containsOnlyOnce("is refused").doesNotContain("hq] changed");
                assertThat(relay.terminate()).isEqualTo(STOPPED);
            }
        }
    }

    private static void awaitLine(RelayProcess relay, String line) {
        await().atMost(Duration.ofMinutes(3))
                .failFast("the relay ended", () -> !relay.isAlive())
                .until(() -> relay.err().contains(line));
    }

    private static Duration timeToTerminate(RelayProcess relay) throws Exception {
        Instant before = Instant.now();
        assertThat(relay.terminate()).isEqualTo(STOPPED);
        return Duration.between(before, Instant.now());
    }

    /** Waits until the request of one virtual account hangs and the request of the other waits for its retry. */
    private static void awaitStuckRun(RequestLog requests) {
        requests.clear();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> requests.newest().stream()
                                .filter(request -> request.path().endsWith("/licenses"))
                                .count()
                        == 2);
    }

    private static long count(OneSite site, String table) {
        try (Database database = Database.reading(site.data()).orElseThrow()) {
            return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM " + table)
                    .mapTo(Long.class)
                    .one());
        }
    }

    /** Waits for the first run. A new site is due at once. */
    private static void awaitFirstRun(OneSite site, RelayProcess relay) throws Exception {
        await().atMost(Duration.ofMinutes(3))
                .failFast("the relay ended", () -> !relay.isAlive())
                .until(() -> relay.err().contains(" ended ") && Files.exists(api(site)));
    }

    private static Path api(OneSite site) {
        return site.data().resolve("relay.api");
    }
}
