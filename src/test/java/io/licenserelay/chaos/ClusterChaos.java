package io.licenserelay.chaos;

import io.licenserelay.cli.LicenseRelay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.SwallowingProxy;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three real relays that share one PostgreSQL, one Kafka and one SSM, while one fault after the other hits them. After each fault the
 * nodes recover. At the end everything settles, and what went wrong is counted.
 */
public final class ClusterChaos {
    /** The default timeout of a node's session, and its heartbeat. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The targets of a handover: after a kill, and after the timeout. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private static final Duration AFTER_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration SHORT = Duration.ofSeconds(4);
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Duration SETTLING = Duration.ofMinutes(3);
    private static final int SITES = 12;
    private static final int NODES = 3;
    private static final int MAX_SPREAD = 2;
    private static final String PUBLISHER = "relay";

    private final Path folder;
    private final Class<?> main;
    private final Random random;
    private final long seed;
    private final PrintStream progress;
    private final ChaosOutcome outcome = new ChaosOutcome();
    private final List<ChaosNode> nodes = new ArrayList<>();
    private final Map<ChaosFault, List<Duration>> handovers = new EnumMap<>(ChaosFault.class);
    private final List<Integer> spreads = new ArrayList<>();
    private long longestRecovery;

    private ClusterChaos(Path folder, Class<?> main, long seed, PrintStream progress) {
        this.folder = folder;
        this.main = main;
        this.seed = seed;
        this.random = new Random(seed);
        this.progress = progress;
    }

    /** The relay as it is. @param folder an empty folder */
    public static ClusterChaos of(Path folder, long seed, PrintStream progress) {
        return new ClusterChaos(folder, LicenseRelay.class, seed, progress);
    }

    /** Another main class in place of the relay's. It takes the arguments of {@code license-relay run}. */
    public static ClusterChaos of(Class<?> main, Path folder, long seed, PrintStream progress) {
        return new ClusterChaos(folder, main, seed, progress);
    }

    /** All faults equally often, in a random order. */
    public List<ChaosFault> faults(int count) {
        List<ChaosFault> faults = new ArrayList<>();
        while (faults.size() < count) {
            List<ChaosFault> all = new ArrayList<>(List.of(ChaosFault.values()));
            Collections.shuffle(all, random);
            faults.addAll(all);
        }
        return faults.subList(0, count);
    }

    public ChaosOutcome run(List<ChaosFault> faults) throws Exception {
        List<String> names =
                IntStream.rangeClosed(1, NODES).mapToObj(each -> "node-" + each).toList();
        SiteLoad sites = new SiteLoad(folder.resolve("exchange"), SITES, seed);
        try (SiteLoad load = sites;
                SsmSimulator ssm = SsmSimulator.builder()
                        .estate(load.estate())
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                ChaosDatabase database = ChaosDatabase.start(folder.resolve("postgresql"), names)) {
            ssm.reports().answersNonces().pollsUntilAck(0).pollInterval(1);
            EmbeddedKafka kafka = EmbeddedKafka.start(Files.createDirectories(folder.resolve("kafka")));
            Servers servers = new Servers(database, load, ssm, kafka);
            try {
                chaos(names, faults, servers);
            } finally {
                for (ChaosNode node : nodes) {
                    node.close();
                }
                servers.kafka.close();
            }
        }
        report();
        return outcome;
    }

    /** What the relays use. Kafka is another object after each restart. */
    private static final class Servers {
        private final ChaosDatabase database;
        private final SiteLoad load;
        private final SsmSimulator ssm;
        private EmbeddedKafka kafka;

        Servers(ChaosDatabase database, SiteLoad load, SsmSimulator ssm, EmbeddedKafka kafka) {
            this.database = database;
            this.load = load;
            this.ssm = ssm;
            this.kafka = kafka;
        }
    }

    private void chaos(List<String> names, List<ChaosFault> faults, Servers servers) throws Exception {
        for (String name : names) {
            nodes.add(node(name, servers));
        }
        Settings settings = Configuration.read(folder.resolve("node-1/config"), Map.of(), Map.of())
                .settings();
        new TopicSetup(settings).ensure();
        for (ChaosNode node : nodes) {
            node.start();
        }
        try (TopicEvents topics = new TopicEvents(servers.kafka.brokers())) {
            recover("the start", servers);
            servers.load.start();
            int number = 0;
            for (ChaosFault fault : faults) {
                number++;
                String name = number + " " + fault;
                servers.load.overuse();
                long begin = System.nanoTime();
                boolean aimed = inject(fault, servers, settings, topics);
                double lasted = seconds(System.nanoTime() - begin);
                recover(name, servers);
                servers.load.comply();
                progress.printf(
                        Locale.ROOT,
                        "  %s%s%s: %.1f s, recovered after %.1f s%n",
                        name,
                        aimed ? "" : " (not aimed)",
                        fault.publisherMayLag() ? " (an old batch may reach Kafka late)" : "",
                        lasted,
                        seconds(System.nanoTime() - begin) - lasted);
            }
            settle(servers, settings, topics);
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private ChaosNode node(String name, Servers servers) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        Path config = Files.createDirectories(own.resolve("config"));
        SwallowingProxy network = SwallowingProxy.to(servers.database.port());
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        Path password = Files.writeString(folder.resolve("password"), "chaos\n");
        Path trust = servers.ssm.authority().writeTo(folder.resolve("ssm.pem"));
        List<String> yaml = new ArrayList<>(List.of(
                "relay:",
                "  node: " + name,
                "  store: { url: 'jdbc:postgresql://localhost:" + network.port() + "/postgres', user: " + name
                        + ", password: 'file:" + password + "' }",
                "sites:"));
        for (int site = 1; site <= SITES; site++) {
            Path inbox = Files.createDirectories(servers.load.inbox(site));
            yaml.addAll(List.of(
                    "  - name: " + ChaosDatabase.site(site),
                    "    accounts: [" + SiteLoad.account(site) + "]",
                    "    jitter: 0s",
                    "    schedule: '" + site % 10 + "/10 * * * * ?'",
                    "    probes: { deadline: 5s }",
                    "    reports: { push: api, inbox: " + inbox + ", outbox: " + inbox.resolveSibling("outbox") + " }",
                    "    ssm:",
                    "      api: cssm",
                    "      url: " + servers.ssm.url(),
                    "      client: { id: relay, secret: 'file:" + secret + "' }",
                    "      trust: " + trust,
                    "      limits: { connect: 5s, tls: 5s, response: 10s, total: 30s }"));
        }
        Files.write(config.resolve("relay.yaml"), yaml);
        Files.write(
                config.resolve("application.properties"),
                List.of(
                        "relay.kafka.brokers=" + servers.kafka.brokers(),
                        "relay.inbox.settle=0s",
                        "reports.inbox.period=500",
                        "reports.poll.period=500"));
        return new ChaosNode(name, own, network, main);
    }

    private ChaosNode named(String name) {
        return nodes.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ChaosNode publisher(Servers servers) throws SQLException {
        return named(servers.database.owners().getOrDefault(PUBLISHER, ""));
    }

    /** Makes the fault, and ends it. Nodes that were killed stay dead. @return false if the instant could not be aimed at */
    private boolean inject(ChaosFault fault, Servers servers, Settings settings, TopicEvents topics) throws Exception {
        ChaosNode victim = nodes.get(random.nextInt(nodes.size()));
        ChaosNode publisher = publisher(servers);
        ChaosDatabase database = servers.database;
        String licenses = settings.topic(Topic.LICENSES);
        boolean aimed = true;
        switch (fault) {
            case KILL_AT_START -> {
                kill(fault, victim, servers);
                victim.start();
                Waiting.last(Duration.ofMillis(200 + random.nextInt(4_000)));
                victim.kill();
            }
            case KILL_IN_PULL -> {
                aimed = Waiting.until(TIMEOUT, () -> database.isRunning(victim.name()));
                kill(fault, victim, servers);
            }
            case KILL_AT_PUBLISH -> {
                aimed = untilPublishing(licenses, servers, topics);
                kill(fault, publisher, servers);
            }
            case KILL_AT_TAKEOVER -> killTwo(fault, victim, database);
            case LONG_PAUSE_IN_BATCH, SHORT_PAUSE_IN_BATCH -> {
                aimed = untilPublishing(licenses, servers, topics);
                publisher.pause();
                lastPause(fault, publisher, fault == ChaosFault.LONG_PAUSE_IN_BATCH, servers);
            }
            case LONG_PAUSE_AFTER_BATCH -> {
                aimed = database.inTransaction("outbox", publisher.name(), publisher::pause);
                lastPause(fault, publisher, true, servers);
            }
            case LONG_PAUSE_BEFORE_POST, SHORT_PAUSE_BEFORE_POST -> {
                servers.load.drop(sitesOf(victim, database));
                aimed = database.inTransaction("submission", victim.name(), victim::pause);
                lastPause(fault, victim, fault == ChaosFault.LONG_PAUSE_BEFORE_POST, servers);
            }
            case LONG_PAUSE_IN_TRANSACTION, SHORT_PAUSE_IN_TRANSACTION -> {
                aimed = database.inTransaction("run", victim.name(), victim::pause);
                lastPause(fault, victim, fault == ChaosFault.LONG_PAUSE_IN_TRANSACTION, servers);
            }
            case POSTGRES_RESTART -> database.restart();
            case SESSION_TERMINATED -> {
                Handover handover = new Handover(database, List.of(victim));
                database.terminate(victim.name(), true);
                handover.await(fault, TIMEOUT);
            }
            case WRITERS_TERMINATED -> database.terminate(victim.name(), false);
            case LONG_CUT -> {
                Handover handover = new Handover(database, List.of(victim));
                victim.cut(true);
                handover.await(fault, TIMEOUT.multipliedBy(3));
                Waiting.last(SHORT);
                victim.cut(false);
            }
            case SHORT_CUT -> {
                victim.cut(true);
                Waiting.last(SHORT);
                victim.cut(false);
                // The node notices only at the time limit of a statement that its answer was lost.
                Waiting.last(TIMEOUT);
            }
            case KAFKA_AWAY_AT_TAKEOVER -> {
                servers.kafka.close();
                kill(fault, publisher, servers);
                Waiting.last(SHORT);
                servers.kafka = EmbeddedKafka.start(folder.resolve("kafka"), servers.kafka.port());
            }
            case CLOCK_AHEAD -> {
                aimed = ChaosNode.faketime() != null;
                victim.clock(Duration.ofMinutes(1));
                Waiting.last(TIMEOUT);
                victim.clock(Duration.ZERO);
            }
        }
        return aimed;
    }

    private boolean untilPublishing(String topic, Servers servers, TopicEvents topics) throws Exception {
        servers.load.changeMany();
        long target = topics.end(topic) + 1 + random.nextInt(30);
        boolean growing = Waiting.until(TIMEOUT, () -> topics.end(topic) >= target);
        Waiting.last(Duration.ofMillis(random.nextInt(20)));
        return growing;
    }

    private static List<Integer> sitesOf(ChaosNode node, ChaosDatabase database) throws SQLException {
        return database.owners().entrySet().stream()
                .filter(each -> each.getValue().equals(node.name()))
                .filter(each -> !each.getKey().equals(PUBLISHER))
                .map(each -> Integer.parseInt(each.getKey().substring("site-".length())))
                .toList();
    }

    private void kill(ChaosFault fault, ChaosNode node, Servers servers) throws Exception {
        Handover handover = new Handover(servers.database, List.of(node));
        node.kill();
        handover.await(fault, TIMEOUT.multipliedBy(3));
    }

    private void killTwo(ChaosFault fault, ChaosNode first, ChaosDatabase database) throws Exception {
        Handover takeover = new Handover(database, List.of(first));
        first.kill();
        Waiting.until(TIMEOUT.multipliedBy(2), () -> takeover.newOwner() != null);
        String owner = takeover.newOwner();
        if (owner != null) {
            ChaosNode second = named(owner);
            Handover handover = new Handover(database, List.of(first, second));
            second.kill();
            handover.await(fault, TIMEOUT.multipliedBy(3));
        }
    }

    /** The node is paused. A long pause lasts until other nodes have its sites, and a little longer. */
    private void lastPause(ChaosFault fault, ChaosNode node, boolean isLong, Servers servers) throws Exception {
        if (isLong) {
            new Handover(servers.database, List.of(node)).await(fault, TIMEOUT.multipliedBy(3));
        }
        Waiting.last(SHORT);
        node.resume();
    }

    /** From a fault until each key of the nodes has another owner. */
    private final class Handover {
        private final ChaosDatabase database;
        private final List<String> from;
        private final Map<String, String> epochs = new HashMap<>();
        private final long begin = System.nanoTime();

        Handover(ChaosDatabase database, List<ChaosNode> from) throws SQLException {
            this.database = database;
            this.from = from.stream().map(ChaosNode::name).toList();
            for (List<String> row : rows()) {
                if (this.from.contains(row.get(1))) {
                    epochs.put(row.get(0), row.get(2));
                }
            }
        }

        private List<List<String>> rows() throws SQLException {
            return database.rows("SELECT site, node, epoch FROM site_owner WHERE node IS NOT NULL");
        }

        private Map<String, String> handedOver() throws SQLException {
            return rows().stream()
                    .filter(row -> epochs.containsKey(row.get(0)) && !row.get(2).equals(epochs.get(row.get(0))))
                    .collect(Collectors.toMap(row -> row.get(0), row -> row.get(1)));
        }

        /** One of the nodes that took over a key; null as long as none did. */
        @org.jspecify.annotations.Nullable
        String newOwner() throws SQLException {
            return handedOver().values().stream()
                    .filter(each -> !from.contains(each))
                    .findFirst()
                    .orElse(null);
        }

        void await(ChaosFault fault, Duration most) throws Exception {
            boolean done = Waiting.until(most, () -> handedOver().size() == epochs.size());
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            outcome.checked("handovers that did not end");
            if (done) {
                handovers.computeIfAbsent(fault, none -> new ArrayList<>()).add(took);
            } else {
                outcome.count("handovers that did not end", 1, fault + " of " + from + ", handed over " + handedOver());
            }
        }
    }

    /** Starts the nodes that were killed, and waits until all nodes share the sites again. */
    private void recover(String after, Servers servers) throws Exception {
        long begin = System.nanoTime();
        for (ChaosNode node : nodes) {
            if (!node.isAlive()) {
                node.start();
            }
        }
        outcome.checked("recoveries that did not end");
        outcome.checked("nodes that ended by themselves");
        boolean recovered = Waiting.until(RECOVERY, () -> spread(servers.database) <= MAX_SPREAD || ended());
        for (ChaosNode node : nodes) {
            if (!node.isAlive()) {
                outcome.count("nodes that ended by themselves", 1, after + ": " + node.name() + "\n" + node.tail(15));
            }
        }
        if (!recovered) {
            StringBuilder state = new StringBuilder(
                    after + ": live " + servers.database.live() + ", owners " + servers.database.owners());
            for (ChaosNode node : nodes) {
                state.append("\n--- ").append(node.name()).append('\n').append(node.tail(12));
            }
            outcome.count("recoveries that did not end", 1, state.toString());
            progress.println("  not recovered: " + state);
            Path kept = Files.createTempDirectory("chaos-stack");
            progress.println("  the stacks of their threads are in " + kept);
            for (ChaosNode node : nodes) {
                node.dump(kept);
                node.kill();
                node.start();
            }
            Waiting.until(RECOVERY, () -> spread(servers.database) <= MAX_SPREAD);
        }
        spreads.add(spread(servers.database));
        longestRecovery = Math.max(longestRecovery, System.nanoTime() - begin);
    }

    private boolean ended() {
        return nodes.stream().anyMatch(each -> !each.isAlive());
    }

    /** The difference between the most and the fewest keys of a node; very large while a key or a node has none. */
    private int spread(ChaosDatabase database) throws SQLException {
        Map<String, String> owners = database.owners();
        List<String> live = database.live();
        if (owners.size() < SITES + 1 || live.size() < NODES || !live.containsAll(owners.values())) {
            return Integer.MAX_VALUE;
        }
        List<Long> loads = live.stream()
                .map(node -> owners.values().stream().filter(node::equals).count())
                .toList();
        return (int) (Collections.max(loads) - Collections.min(loads));
    }

    private void settle(Servers servers, Settings settings, TopicEvents topics) throws Exception {
        ChaosDatabase database = servers.database;
        servers.load.pause();
        servers.load.comply();
        long paused = System.currentTimeMillis();
        String unfinished = "report WHERE state NOT IN ('acknowledged', 'rejected')";
        String open = "incident WHERE is_open = 1 AND is_flapping = 0";
        String synced = "(SELECT site FROM run WHERE outcome = 'complete' AND started_at > " + (paused + 1_000)
                + " GROUP BY site) synced";
        outcome.checked("ends that did not settle");
        boolean settled = Waiting.until(
                SETTLING,
                () -> database.count(synced) == SITES
                        && database.count(unfinished) == 0
                        && database.count(open) == 0
                        && database.count("report") >= servers.load.payloads().size());
        if (!settled) {
            outcome.count(
                    "ends that did not settle",
                    1,
                    database.count(synced) + " sites synced, " + database.count(unfinished) + " reports open, "
                            + database.count(open) + " incidents open, " + database.count("report") + " of "
                            + servers.load.payloads().size() + " reports");
        }
        ChaosCounts counts = new ChaosCounts(database, outcome);
        List<List<String>> finished = counts.finishedRuns();
        String waiting = "outbox WHERE seq <= "
                + database.rows("SELECT COALESCE(MAX(seq), 0) FROM outbox")
                        .get(0)
                        .get(0);
        Waiting.until(RECOVERY, () -> database.count(waiting) == 0);
        counts.formerOwners();
        counts.runs();
        counts.leftOpen();
        counts.reports(servers.load.payloads(), servers.ssm.reports().received());
        counts.syncs(topics.all(settings.topic(Topic.SYNCS)), finished);
        counts.reportEvents(topics.all(settings.topic(Topic.REPORTS)));
        counts.incidents(topics.all(settings.topic(Topic.FAILURES)));
        counts.licenses(topics.all(settings.topic(Topic.LICENSES)));
    }

    private void report() {
        handovers.forEach((fault, times) -> outcome.figure(
                "handover after " + fault + ", s",
                String.format(
                        Locale.ROOT,
                        "%.1f to %.1f (%d)",
                        seconds(Collections.min(times).toNanos()),
                        seconds(Collections.max(times).toNanos()),
                        times.size())));
        outcome.measure("slowest handover after a kill, s", slowest(true), AFTER_KILL.toSeconds());
        outcome.measure(
                "slowest handover after a pause or cut, s",
                slowest(false),
                TIMEOUT.plus(AFTER_TIMEOUT).toSeconds());
        outcome.measure("largest spread of keys after a recovery", Collections.max(spreads), MAX_SPREAD);
        outcome.figure("longest recovery, s", String.format(Locale.ROOT, "%.1f", seconds(longestRecovery)));
        outcome.figure(
                "clock",
                ChaosNode.faketime() == null ? "not changed: libfaketime is not installed" : "changed by libfaketime");
    }

    private double slowest(boolean afterKill) {
        return handovers.entrySet().stream()
                .filter(each -> each.getKey().killsNode() == afterKill)
                .flatMap(each -> each.getValue().stream())
                .mapToDouble(each -> seconds(each.toNanos()))
                .max()
                .orElse(0);
    }
}
