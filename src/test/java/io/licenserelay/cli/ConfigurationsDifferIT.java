package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.cli.ClusterMachines.Machine;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.RumSamples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two relays of a cluster, one of which gets a changed configuration before the other. */
@Tag("deep")
@Tag("only-deep")
class ConfigurationsDifferIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final List<String> SITES = List.of("s1", "s2", "s3", "s4", "s5", "s6");
    private static final String BERLIN = "sites.d/berlin.yaml";

    /** 15 minutes of a difference pass in 15 seconds. */
    private static final int FASTER = 60;

    @TempDir
    Path folder;

    @Test
    void aLastingDifferenceIsAnIncidentUntilTheNodesAgree() throws Exception {
        try (ClusterMachines cluster = new ClusterMachines(folder, SITES)) {
            Machine first = cluster.machine("relay-1");
            Machine second = cluster.machine("relay-2");
            cluster.createTopics();
            first.startComparing(FASTER);
            second.startComparing(FASTER);
            await().atMost(TIMEOUT)
                    .until(() -> !cluster.ownedBy("relay-1").isEmpty()
                            && !cluster.ownedBy("relay-2").isEmpty()
                            && cluster.ownedBy("relay-1").size()
                                            + cluster.ownedBy("relay-2").size()
                                    == SITES.size());
            assertThat(relayIncidents(cluster)).isEmpty();

            write(first, cluster.site("berlin"));
            await().atMost(TIMEOUT).until(() -> openRelayIncidents(cluster).equals(List.of("LIC8009")));
            assertThat(cluster.rows("SELECT last_data FROM incident WHERE site = 'relay' AND is_open = 1"))
                    .singleElement()
                    .asString()
                    .contains("berlin", "relay-1", "relay-2");
            assertThat(second.run("sync", "--site", "s1").exitCode())
                    .as("sites about which the nodes agree are synced")
                    .isZero();

            write(second, cluster.site("berlin"));
            await().atMost(TIMEOUT).until(() -> openRelayIncidents(cluster).isEmpty());
            assertThat(relayIncidents(cluster)).containsExactly("LIC8009");
        }
    }

    /** Each record with a report and each invalid one is read once, also across the change and the end of a node. */
    @Test
    void anotherTopicOfReportsIsReadByOneNodeAtATimeWithoutLoss() throws Exception {
        String before = topic();
        String after = topic();
        try (ClusterMachines cluster = new ClusterMachines(folder, List.of("hq"))) {
            Machine first = cluster.machine("relay-1");
            Machine second = cluster.machine("relay-2");
            List<String> old = cluster.site("berlin", "reports: { push: off, topic: " + before + " }");
            List<String> changed = cluster.site("berlin", "reports: { push: off, topic: " + after + " }");
            write(first, old);
            write(second, old);
            cluster.createTopics();
            first.start();
            second.start();
            await().atMost(TIMEOUT)
                    .until(() -> !cluster.rows("SELECT node FROM site_owner WHERE site = 'berlin' AND node IS NOT NULL")
                            .isEmpty());
            send(before, 1, 5);
            await().atMost(TIMEOUT).until(() -> reports(cluster) == 5 && letters(cluster) == 5);

            String owner = cluster.rows("SELECT node FROM site_owner WHERE site = 'berlin'")
                    .get(0);
            Machine late = owner.equals("relay-1") ? first : second;
            Machine early = owner.equals("relay-1") ? second : first;
            send(after, 6, 10);
            write(early, changed);
            cluster.awaitOwner("berlin", early.node());
            await().atMost(TIMEOUT).until(() -> reports(cluster) == 10 && letters(cluster) == 10);
            write(late, changed);
            send(after, 11, 15);
            await().atMost(TIMEOUT)
                    .until(() -> cluster.rows("SELECT DISTINCT configuration FROM cluster_node")
                                    .size()
                            == 1);
            await().atMost(TIMEOUT).until(() -> reports(cluster) == 15 && letters(cluster) == 15);

            String last = cluster.rows("SELECT node FROM site_owner WHERE site = 'berlin'")
                    .get(0);
            Machine ending = last.equals("relay-1") ? first : second;
            ending.stop();
            send(after, 16, 20);
            await().atMost(TIMEOUT).until(() -> reports(cluster) == 20 && letters(cluster) >= 20);
            assertThat(letters(cluster)).as("each invalid record was read once").isEqualTo(20);
            assertThat(cluster.rows("SELECT DISTINCT origin FROM report")).hasSize(20);
        }
    }

    private static long reports(ClusterMachines cluster) throws SQLException {
        return cluster.rows("SELECT digest FROM report WHERE site = 'berlin'").size();
    }

    private static int letters(ClusterMachines cluster) {
        return RealKafka.records(cluster.topic(Topic.DEAD_LETTERS)).size();
    }

    /** Sends a report and an invalid record for each number. */
    private static void send(String topic, int from, int to) throws Exception {
        for (int id : IntStream.rangeClosed(from, to).toArray()) {
            for (String value :
                    List.of(RumSamples.bare(RumSamples.report(RumSamples.payload("9ABC", id))), "noise " + id)) {
                RealKafka.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static String topic() throws Exception {
        String topic = RealKafka.prefix() + ".reports-in";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealKafka.brokers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
        }
        return topic;
    }

    private static void write(Machine machine, List<String> site) throws Exception {
        List<String> lines = new ArrayList<>(List.of("sites:"));
        lines.addAll(site);
        machine.write(BERLIN, lines);
    }

    private static List<String> relayIncidents(ClusterMachines cluster) throws SQLException {
        return cluster.rows("SELECT code FROM incident WHERE site = 'relay'");
    }

    private static List<String> openRelayIncidents(ClusterMachines cluster) throws SQLException {
        return cluster.rows("SELECT code FROM incident WHERE site = 'relay' AND is_open = 1");
    }
}
