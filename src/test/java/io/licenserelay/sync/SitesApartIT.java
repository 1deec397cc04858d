package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Site lab continues while a server of site hq hangs. */
class SitesApartIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private HostileServer ssm;
    private HostileServer hostile;

    @BeforeEach
    void start() throws IOException {
        ssm = HostileServer.start();
        hostile = HostileServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        hostile.close();
        ssm.close();
    }

    @Test
    void aHangingDeviceDoesNotDelayThePullOfAnotherSite() throws Exception {
        hostile.answer("/smartlic-service", (request, out) -> sendSlowly(out));
        try (TempRelay relay = relay(ssm)
                .environment("DEVICE_PASSWORD", "device-password-1")
                .site(
                        "reports",
                        "{ push: off, inbox: " + folder.resolve("inbox") + ", outbox: " + folder.resolve("outbox")
                                + ", devices: { user: { name: relay, password: 'env:DEVICE_PASSWORD' }, trust: '"
                                + hostile.trust(folder) + "', list: [ { name: edge-1, url: '" + hostile.url()
                                + "' } ] } }")
                .start()) {
            CompletableFuture<String> hung = CompletableFuture.supplyAsync(() -> sync(relay, "hq"));
            await().atMost(TIMEOUT)
                    .until(() -> hostile.requests().stream().anyMatch(head -> head.contains("/smartlic-service")));
            assertThat(sync(relay, "lab")).isEqualTo("complete");
            assertThat(hung).as("the device still hangs").isNotDone();
        }
    }

    @Test
    void aHangingCommandDoesNotDelayACommandForAnotherSite() throws Exception {
        try (TempRelay relay = relay(hostile)
                .setting("relay.commands.pause", "0s")
                .site("schedule", "'0 0 3 1 1 ?'")
                .startScheduled()) {
            await().atMost(TIMEOUT).until(() -> count(relay, "hq", "outcome = 'complete'") == 1);
            hostile.answer("/licenses", (request, out) -> sendSlowly(out));
            // The consumer starts at the end of the topic, so the command is sent until the consumer receives it.
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(() -> {
                command(relay, "hq");
                return count(relay, "hq", "cause = 'command'") > 0;
            });
            command(relay, "lab");
            await().atMost(TIMEOUT).until(() -> count(relay, "lab", "cause = 'command' AND outcome = 'complete'") == 1);
            assertThat(count(relay, "hq", "cause = 'command' AND outcome IS NOT NULL"))
                    .as("the first command still hangs")
                    .isZero();
        }
    }

    private TempRelay relay(HostileServer ssmOfHq) {
        return TempRelay.in(folder)
                .environment("SSM_CLIENT_SECRET", "relay-secret-1")
                .ssm("url", ssmOfHq.url())
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .ssm("trust", ssmOfHq.trust(folder).toString())
                .ssm("limits", "{ connect: 5s, tls: 5s, response: 110s, total: 110s }")
                .furtherSite(
                        "{ name: lab, schedule: '0 0 3 1 1 ?', jitter: 0s, ssm: { url: '" + ssm.url() + "', trust: '"
                                + ssm.trust(folder) + "', client: { id: relay, secret: 'env:SSM_CLIENT_SECRET' } } }");
    }

    private static String sync(TempRelay relay, String site) {
        try {
            return relay.relay().asSyncs().sync(site, false).get(0).outcome();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static int count(TempRelay relay, String site, String where) {
        return relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT COUNT(*) FROM run WHERE site = :site AND " + where)
                .bind("site", site)
                .mapTo(Integer.class)
                .one());
    }

    private static void command(TempRelay relay, String site) throws Exception {
        String event = """
                {"specversion":"1.0","id":"1","source":"/portal","type":"io.licenserelay.sync.requested.v1",
                 "data":{"site":"%s"}}""".formatted(site);
        Map<String, Object> config = Map.of("bootstrap.servers", RealKafka.brokers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(relay.topic(Topic.COMMANDS), site, event))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    /** Sends a byte at intervals until the client closes the connection, so that no timeout between packets is reached. */
    private static void sendSlowly(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(StandardCharsets.UTF_8));
        while (true) {
            out.write('a');
            out.flush();
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
