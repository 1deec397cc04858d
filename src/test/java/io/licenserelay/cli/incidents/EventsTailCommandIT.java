package io.licenserelay.cli.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.LicenseRelay;
import io.licenserelay.cli.OneSite;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EventsTailCommandIT {
    @TempDir
    Path folder;

    @Test
    void theNewestEventsAreShownAndOlderEventsOnRequest() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Settings settings = failAndRecover(site);
            CommandResult newest = tail(site, "-n", "1");
            assertThat(newest.exitCode()).as(newest.err()).isZero();
            assertThat(newest.out().lines().filter(line -> line.contains(" ✓ ")))
                    .hasSize(1);
            assertThat(newest.out()).doesNotContain("✗");

            CommandResult all = tail(site, "--from-beginning");
            assertThat(all.out())
                    .containsPattern(
                            "(?m)^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ ✗ hq/ACME/Default pull: trigger, error")
                    .contains("✗ hq/ACME/Lab pull: trigger", "✓ hq/ACME/Lab pull: resolve")
                    .contains("(LIC3006, proven)", "  next   ", "(who acts: ssm)");

            List<JsonNode> events = RealKafka.events(settings.topic(Topic.FAILURES));
            List<JsonNode> printed = new ArrayList<>();
            for (String line : tail(site, "--json").out().lines().toList()) {
                printed.add(new ObjectMapper().readTree(line));
            }
            assertThat(printed).hasSize(4).containsExactlyInAnyOrderElementsOf(events);
        }
    }

    @Test
    void theOptionFollowShowsNewEventsUntilInterrupted() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            StringWriter out = new StringWriter();
            Future<Integer> following = executor.submit(() -> {
                CommandLine line = LicenseRelay.commandLine();
                line.setOut(new PrintWriter(out));
                return line.execute(
                        "events", "tail", "--follow", "--config", site.config().toString());
            });
            site.ssm().faults().set("forbidden", "resource", "licenses");
            site.run("sync");
            await().atMost(Duration.ofMinutes(3)).until(() -> out.toString().contains("✗ hq/ACME/Lab pull: trigger"));
            assertThat(following.isDone()).isFalse();
            executor.shutdownNow();
            assertThat(following.get(20, TimeUnit.SECONDS)).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aRecordThatIsNotAnEventIsReportedAndSkipped() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            String topic = site.writeWithTopics().topic(Topic.FAILURES);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", RealKafka.brokers()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                String many = "{\"data\":{\"x\":[" + "[],".repeat(200_000) + "0]}}";
                for (String value : List.of("no JSON {", "[]", "{\"data\":1}", many)) {
                    producer.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8)))
                            .get();
                }
                producer.send(new ProducerRecord<>(topic, null)).get();
            }
            CommandResult result = tail(site);
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines()).hasSize(5).allMatch(line -> line.contains("is not an event of a relay"));
        }
    }

    @Test
    void aMissingTopicAnUnreachableBrokerAndAnInvalidCountAreReported() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Settings settings = site.write();
            CommandResult missing = tail(site);
            assertThat(missing.exitCode()).isEqualTo(2);
            assertThat(missing.err())
                    .contains("The topic " + settings.topic(Topic.FAILURES) + " does not exist", "license-relay check");

            assertThat(tail(site, "-n", "5000").exitCode()).isEqualTo(2);

            site.files().brokers("127.0.0.1:" + freePort()).setting("relay.kafka.timeout", "1s");
            site.write();
            CommandResult unreachable = tail(site);
            assertThat(unreachable.exitCode()).isEqualTo(1);
            assertThat(unreachable.err()).contains("does not answer", "no process listens on the port", "relay.kafka.");
        }
    }

    /** Runs a sync that fails for both virtual accounts, and then a successful sync. */
    private static Settings failAndRecover(OneSite site) throws Exception {
        Settings settings = site.writeWithTopicsAndStore();
        site.ssm().faults().set("forbidden", "resource", "licenses");
        site.run("sync");
        site.ssm().faults().clear();
        site.run("sync");
        return settings;
    }

    private static CommandResult tail(OneSite site, String... options) {
        List<String> all = new ArrayList<>(
                List.of("events", "tail", "--config", site.config().toString()));
        all.addAll(List.of(options));
        return CommandResult.of(all.toArray(String[]::new));
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
