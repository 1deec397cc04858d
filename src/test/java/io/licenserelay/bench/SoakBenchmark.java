package io.licenserelay.bench;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.kafka.TopicContents;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * (k) Many sites for a long time in the packed relay, one of them hostile in turn in every way that is known, an attacked inbox, Kafka
 * away twice and the clock stepped back and forth: the other sites miss no run, nothing is lost, and nothing grows. The clock is
 * stepped where libfaketime is installed (Debian: {@code faketime}); elsewhere the report says that it was not.
 */
final class SoakBenchmark {
    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();
    private static final List<String> FAKETIME = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1");

    /** Between two runs of a site. */
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Duration SAMPLED = Duration.ofSeconds(5);
    private static final Duration KAFKA_AWAY = Duration.ofSeconds(45);
    private static final Duration STEP = Duration.ofDays(2);
    /** What is asked of a server that never was asked for long, to settle at the end. */
    private static final Duration SETTLING = Duration.ofMinutes(5);

    private static final int DEVICES = 24;
    private static final String REPORTS = "reports";
    private static final String HOSTILE = "hostile";
    private static final String REPORTS_TOPIC = "soak.reports";

    private final Path folder;
    private final int sites;
    private final Duration lasting;
    private final Report report;
    private final @Nullable String faketime = FAKETIME.stream()
            .filter(each -> Files.exists(Path.of(each)))
            .findFirst()
            .orElse(null);

    /** @param sites that are well, besides the hostile one and the one with reports */
    SoakBenchmark(Path folder, int sites, Duration lasting, Report report) {
        this.folder = folder;
        this.sites = sites;
        this.lasting = lasting;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(k) " + sites + " sites for " + lasting.toMinutes() + " minutes beside a hostile one");
        Path place = Files.createTempDirectory(folder, "soak");
        Path topics = Files.createDirectories(place.resolve("kafka"));
        Estate estate = Estate.of();
        for (int site = 0; site < sites; site++) {
            estate.account(name(site)).va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        }
        SentReports reports = new SentReports(place.resolve("data/" + REPORTS + "/inbox"), 42, DEVICES, 0);
        try (SsmSimulator ssm = server(estate);
                SsmSimulator cloud = server(reports.estate());
                HostileServer hostile = HostileServer.start()) {
            cloud.reports().pollsUntilAck(1).pollInterval(1);
            EmbeddedKafka kafka = EmbeddedKafka.start(topics);
            try {
                Path config = configure(place, kafka.brokers(), ssm, cloud, hostile);
                Settings settings =
                        Configuration.read(config, Map.of(), Map.of()).settings();
                new TopicSetup(settings).ensure();
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()))) {
                    admin.createTopics(List.of(new NewTopic(REPORTS_TOPIC, 1, (short) 1)))
                            .all()
                            .get(30, TimeUnit.SECONDS);
                }
                kafka = soak(place, config, settings, kafka, new Soak(ssm, cloud, hostile, reports));
                tell(place, kafka.brokers(), settings, reports);
            } finally {
                kafka.close();
            }
        }
    }

    /** Everything outside the relay that takes part. */
    private record Soak(SsmSimulator ssm, SsmSimulator cloud, HostileServer hostile, SentReports reports) {}

    private static SsmSimulator server(Estate estate) throws IOException {
        return SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }

    /** @return Kafka as it runs at the end */
    private EmbeddedKafka soak(Path place, Path config, Settings settings, EmbeddedKafka first, Soak soak)
            throws Exception {
        EmbeddedKafka kafka = first;
        Path clock = Files.writeString(place.resolve("clock"), "+0\n");
        Process relay = start(place, config, clock);
        Resources resources = new Resources(relay.pid());
        Gaps gaps = new Gaps(INTERVAL);
        List<HostileTricks.Named> tricks = HostileTricks.all();
        try (InboxAttack inbox =
                        new InboxAttack(place.resolve("data/" + HOSTILE + "/inbox"), place.resolve("outside"));
                ConnectionAttack connections = new ConnectionAttack(place.resolve("data"));
                RecordAttack records = new RecordAttack(settings.topic(Topic.COMMANDS), REPORTS_TOPIC)) {
            long began = System.nanoTime();
            long end = began + lasting.toNanos();
            int step = 0;
            while (System.nanoTime() < end) {
                if (!relay.isAlive()) {
                    throw new IOException("the relay ended with " + relay.exitValue() + ": "
                            + Files.readString(place.resolve("err"), StandardCharsets.UTF_8)
                                    .lines()
                                    .reduce("", (all, line) -> line));
                }
                double part = (double) (System.nanoTime() - began) / lasting.toNanos();
                HostileTricks.Named trick = tricks.get((int) (part * tricks.size()) % tricks.size());
                soak.hostile.answer(trick.path(), trick.trick());
                step = step(step, part, clock);
                if (kafkaAway(part)) {
                    kafka.close();
                } else {
                    kafka = again(kafka, place);
                    records.send(kafka.brokers());
                }
                soak.reports.drop(1, 2);
                inbox.once();
                connections.once();
                resources.sample();
                for (int site = 0; site < sites; site++) {
                    gaps.seen(name(site), soak.ssm.requests().count(licenses(name(site))));
                }
                TimeUnit.NANOSECONDS.sleep(SAMPLED.toNanos());
            }
            kafka = again(kafka, place);
            soak.hostile.answer("", (request, out) -> {});
            settle(place);
            report.figure("ways in which the site was hostile", tricks.size(), "");
            report.figure("files laid by the inbox's attacker", inbox.laid(), "");
            report.figure("connections opened to the local API", connections.opened(), "");
            report.figure("records of garbage", records.sent(), "");
            report.atMost("escapes: files outside the inbox that were moved", inbox.escaped(), 0);
        } finally {
            relay.destroy();
            relay.waitFor();
        }
        report.figure("clock", faketime == null ? "not stepped: libfaketime is not installed" : "stepped twice", "");
        report.figure("requests of well sites", soak.ssm.requests().total(), "");
        resources.tell(report);
        gaps.tell(report);
        return kafka;
    }

    /** A moment that is away again before the next third begins. */
    private boolean kafkaAway(double part) {
        double length = (double) KAFKA_AWAY.toNanos() / lasting.toNanos();
        return part > 0.3 && part < 0.3 + length || part > 0.7 && part < 0.7 + length;
    }

    private static EmbeddedKafka again(EmbeddedKafka kafka, Path place) throws IOException {
        return kafka.isClosed() ? EmbeddedKafka.start(place.resolve("kafka"), kafka.port()) : kafka;
    }

    /** Two days back at half of the time, and forth again at the last fifth. */
    private int step(int done, double part, Path clock) throws IOException {
        int due = part > 0.8 ? 2 : part > 0.5 ? 1 : 0;
        if (due > done) {
            Files.writeString(clock, due == 1 ? "-" + STEP.toSeconds() + "\n" : "+0\n");
        }
        return due;
    }

    private Process start(Path place, Path config, Path clock) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        DIST.resolve("license-relay").toString(),
                        "run",
                        "--config",
                        config.toString(),
                        "--data",
                        place.resolve("data").toString(),
                        "--routes",
                        DIST.resolve("routes").toString())
                .redirectOutput(place.resolve("out").toFile())
                .redirectError(place.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("RELAY_LOG_LEVEL", "WARN");
        if (faketime != null) {
            builder.environment().put("LD_PRELOAD", faketime);
            builder.environment().put("FAKETIME_TIMESTAMP_FILE", clock.toString());
            builder.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            builder.environment().put("FAKETIME_CACHE_DURATION", "1");
            // Its correction for other C libraries makes every timed wait of a JVM return at once.
            builder.environment().put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }
        return builder.start();
    }

    /** Until every report is acknowledged and nothing waits for Kafka, or it has taken too long, which the figures then show. */
    private static void settle(Path place) throws InterruptedException {
        long latest = System.nanoTime() + SETTLING.toNanos();
        while (System.nanoTime() < latest && open(place) > 0) {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static long open(Path place) {
        try (Database database = Database.reading(place.resolve("data")).orElseThrow()) {
            return database.read(
                    tx -> tx.createQuery("SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM report"
                                    + " WHERE state NOT IN ('acknowledged', 'rejected'))")
                            .mapTo(Long.class)
                            .one());
        }
    }

    private void tell(Path place, String brokers, Settings settings, SentReports reports) {
        Set<String> told = TopicContents.events(brokers, settings.topic(Topic.SYNCS)).stream()
                .map(event -> event.at("/data/runId").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        try (Database database = Database.reading(place.resolve("data")).orElseThrow()) {
            List<String> ended = database.read(tx -> tx.createQuery("SELECT id FROM run WHERE finished_at IS NOT NULL")
                    .mapTo(String.class)
                    .list());
            long bad = database.read(
                    tx -> tx.createQuery("SELECT COUNT(*) FROM run WHERE outcome <> 'complete' AND site LIKE 'site-%'")
                            .mapTo(Long.class)
                            .one());
            long hostile = database.read(tx -> tx.createQuery(
                            "SELECT COUNT(*) FROM run WHERE outcome <> 'complete' AND site = '" + HOSTILE + "'")
                    .mapTo(Long.class)
                    .one());
            long acknowledged =
                    database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM report WHERE state = 'acknowledged'")
                            .mapTo(Long.class)
                            .one());
            report.figure("runs", ended.size(), "");
            report.figure("runs of the hostile site that were not complete", hostile, "");
            report.figure("reports laid down", reports.payloads().size(), "");
            report.atMost("runs of well sites that were not complete", bad, 0);
            report.atMost(
                    "runs that Kafka was not told of",
                    ended.stream().filter(id -> !told.contains(id)).count(),
                    0);
            report.atMost("reports lost", Math.max(0, reports.payloads().size() - acknowledged), 0);
            report.atMost(
                    "reports counted twice",
                    Math.max(0, acknowledged - reports.payloads().size()),
                    0);
        }
    }

    private static String name(int site) {
        return String.format(Locale.ROOT, "site-%03d", site);
    }

    private static String licenses(String account) {
        return "/api/v1/accounts/" + account + "/licenses";
    }

    private Path configure(Path place, String brokers, SsmSimulator ssm, SsmSimulator cloud, HostileServer hostile)
            throws IOException {
        Path config = Files.createDirectories(place.resolve("config"));
        Path secret = Files.writeString(place.resolve("secret"), "relay-secret-1\n");
        Path trust = ssm.authority().writeTo(place.resolve("ssm.pem"));
        String client = "client: { id: relay, secret: 'file:" + secret + "' }";
        String limits = "limits: { connect: 5s, tls: 5s, response: 5s, total: 20s, size: 16MiB }";
        List<String> yaml = new ArrayList<>(List.of("sites:"));
        for (int site = 0; site < sites; site++) {
            yaml.add("  - { name: " + name(site) + ", accounts: [" + name(site) + "], jitter: 0s, schedule: '"
                    + (site % 60) + " * * * * ?', ssm: { url: '" + ssm.url() + "', " + client + ", trust: " + trust
                    + ", "
                    + limits + " } }");
        }
        yaml.add("  - { name: " + REPORTS
                + ", jitter: 0s, schedule: '30 * * * * ?', reports: { push: api }, ssm: { api: cssm, url: '"
                + cloud.url() + "', " + client + ", trust: " + cloud.authority().writeTo(place.resolve("cloud.pem"))
                + " } }");
        yaml.add("  - { name: " + HOSTILE + ", jitter: 0s, schedule: '0/20 * * * * ?', reports: { push: off, topic: "
                + REPORTS_TOPIC
                + " }, ssm: { url: '" + hostile.url()
                + "', " + client + ", trust: " + hostile.trust(place) + ", " + limits + " } }");
        Files.write(config.resolve("relay.yaml"), yaml);
        Files.write(
                config.resolve("application.properties"),
                List.of("relay.kafka.brokers=" + brokers, "reports.poll.period=1000"));
        return config;
    }
}
