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
 * (k) Runs the packed relay with many sites for a long time. One site is hostile and uses every known trick in turn.
 * One inbox is attacked. Kafka is unreachable twice. The clock is set back and forward again. The other sites must miss
 * no run, nothing may be lost, and memory, threads and file descriptors must not grow. The clock is changed only if
 * libfaketime is installed (Debian: {@code faketime}); otherwise the report states that it was not.
 */
final class SoakBenchmark {
    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();
    private static final List<String> FAKETIME = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1");

    /** The time between two runs of a site. */
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(5);
    private static final Duration KAFKA_DOWNTIME = Duration.ofSeconds(45);
    private static final Duration CLOCK_STEP = Duration.ofDays(2);
    /** The maximum time at the end until all reports are acknowledged and all events are published. */
    private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(5);

    private static final int DEVICES = 24;
    private static final String REPORTS = "reports";
    private static final String HOSTILE = "hostile";
    private static final String REPORTS_TOPIC = "soak.reports";

    private final Path folder;
    private final int sites;
    private final Duration duration;
    private final Report report;
    private final @Nullable String faketime = FAKETIME.stream()
            .filter(each -> Files.exists(Path.of(each)))
            .findFirst()
            .orElse(null);

    /** @param sites the number of healthy sites, in addition to the hostile site and the site with reports */
    SoakBenchmark(Path folder, int sites, Duration duration, Report report) {
        this.folder = folder;
        this.sites = sites;
        this.duration = duration;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(k) " + sites + " sites for " + duration.toMinutes() + " minutes beside a hostile one");
        Path workDir = Files.createTempDirectory(folder, "soak");
        Path topics = Files.createDirectories(workDir.resolve("kafka"));
        Estate estate = Estate.of();
        for (int site = 0; site < sites; site++) {
            estate.account(name(site)).va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        }
        SentReports reports = new SentReports(workDir.resolve("data/" + REPORTS + "/inbox"), 42, DEVICES, 0);
        try (SsmSimulator ssm = server(estate);
                SsmSimulator cloud = server(reports.estate());
                HostileServer hostile = HostileServer.start()) {
            cloud.reports().pollsUntilAck(1).pollInterval(1);
            EmbeddedKafka kafka = EmbeddedKafka.start(topics);
            try {
                Path config = configure(workDir, kafka.brokers(), ssm, cloud, hostile);
                Settings settings =
                        Configuration.read(config, Map.of(), Map.of()).settings();
                new TopicSetup(settings).ensure();
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()))) {
                    admin.createTopics(List.of(new NewTopic(REPORTS_TOPIC, 1, (short) 1)))
                            .all()
                            .get(30, TimeUnit.SECONDS);
                }
                kafka = soak(workDir, config, settings, kafka, new Environment(ssm, cloud, hostile, reports));
                print(workDir, kafka.brokers(), settings, reports);
            } finally {
                kafka.close();
            }
        }
    }

    /** The servers and reports outside the relay. */
    private record Environment(SsmSimulator ssm, SsmSimulator cloud, HostileServer hostile, SentReports reports) {}

    private static SsmSimulator server(Estate estate) throws IOException {
        return SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }

    /** @return the Kafka broker that runs at the end */
    private EmbeddedKafka soak(
            Path workDir, Path config, Settings settings, EmbeddedKafka first, Environment environment)
            throws Exception {
        EmbeddedKafka kafka = first;
        Path clock = Files.writeString(workDir.resolve("clock"), "+0\n");
        Process relay = start(workDir, config, clock);
        Resources resources = new Resources(relay.pid());
        PullGaps gaps = new PullGaps(INTERVAL);
        List<HostileTricks.NamedTrick> tricks = HostileTricks.all();
        try (InboxAttack inbox =
                        new InboxAttack(workDir.resolve("data/" + HOSTILE + "/inbox"), workDir.resolve("outside"));
                ConnectionAttack connections = new ConnectionAttack(workDir.resolve("data"));
                RecordAttack records = new RecordAttack(settings.topic(Topic.COMMANDS), REPORTS_TOPIC)) {
            long start = System.nanoTime();
            long end = start + duration.toNanos();
            int clockSteps = 0;
            while (System.nanoTime() < end) {
                if (!relay.isAlive()) {
                    throw new IOException("the relay ended with " + relay.exitValue() + ": "
                            + Files.readString(workDir.resolve("err"), StandardCharsets.UTF_8)
                                    .lines()
                                    .reduce("", (all, line) -> line));
                }
                double progress = (double) (System.nanoTime() - start) / duration.toNanos();
                HostileTricks.NamedTrick trick = tricks.get((int) (progress * tricks.size()) % tricks.size());
                environment.hostile.answer(trick.path(), trick.trick());
                clockSteps = stepClock(clockSteps, progress, clock);
                if (kafkaIsDown(progress)) {
                    kafka.close();
                } else {
                    kafka = startIfClosed(kafka, workDir);
                    records.send(kafka.brokers());
                }
                environment.reports.drop(1, 2);
                inbox.attack();
                connections.attack();
                resources.sample();
                for (int site = 0; site < sites; site++) {
                    gaps.record(name(site), environment.ssm.requests().count(licenses(name(site))));
                }
                TimeUnit.NANOSECONDS.sleep(SAMPLE_INTERVAL.toNanos());
            }
            kafka = startIfClosed(kafka, workDir);
            environment.hostile.answer("", (request, out) -> {});
            settle(workDir);
            report.figure("tricks of the hostile site", tricks.size(), "");
            report.figure("files written by the attack on the inbox", inbox.files(), "");
            report.figure("connections opened to the local API", connections.opened(), "");
            report.figure("invalid records", records.sent(), "");
            report.atMost("files outside the inbox that were moved", inbox.escaped(), 0);
        } finally {
            relay.destroy();
            relay.waitFor();
        }
        report.figure("clock", faketime == null ? "not changed: libfaketime is not installed" : "changed twice", "");
        report.figure("requests of healthy sites", environment.ssm.requests().total(), "");
        resources.print(report);
        gaps.print(report);
        return kafka;
    }

    /** Returns whether Kafka must be down: for a short time after 30 % and after 70 % of the duration. */
    private boolean kafkaIsDown(double progress) {
        double length = (double) KAFKA_DOWNTIME.toNanos() / duration.toNanos();
        return progress > 0.3 && progress < 0.3 + length || progress > 0.7 && progress < 0.7 + length;
    }

    private static EmbeddedKafka startIfClosed(EmbeddedKafka kafka, Path workDir) throws IOException {
        return kafka.isClosed() ? EmbeddedKafka.start(workDir.resolve("kafka"), kafka.port()) : kafka;
    }

    /** Sets the clock back by two days after half of the duration, and forward again for the last fifth. */
    private int stepClock(int done, double progress, Path clock) throws IOException {
        int due = progress > 0.8 ? 2 : progress > 0.5 ? 1 : 0;
        if (due > done) {
            Files.writeString(clock, due == 1 ? "-" + CLOCK_STEP.toSeconds() + "\n" : "+0\n");
        }
        return due;
    }

    private Process start(Path workDir, Path config, Path clock) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        DIST.resolve("license-relay").toString(),
                        "run",
                        "--config",
                        config.toString(),
                        "--data",
                        workDir.resolve("data").toString(),
                        "--routes",
                        DIST.resolve("routes").toString())
                .redirectOutput(workDir.resolve("out").toFile())
                .redirectError(workDir.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("RELAY_LOG_LEVEL", "WARN");
        if (faketime != null) {
            builder.environment().put("LD_PRELOAD", faketime);
            builder.environment().put("FAKETIME_TIMESTAMP_FILE", clock.toString());
            builder.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            builder.environment().put("FAKETIME_CACHE_DURATION", "1");
            // With this fix for other C libraries, every timed wait of a JVM returns immediately.
            builder.environment().put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }
        return builder.start();
    }

    /** Waits until every report is acknowledged and the outbox is empty, or until the timeout. The figures show a timeout. */
    private static void settle(Path workDir) throws InterruptedException {
        long deadline = System.nanoTime() + SETTLE_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline && unfinished(workDir) > 0) {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static long unfinished(Path workDir) {
        try (Database database = Database.reading(workDir.resolve("data")).orElseThrow()) {
            return database.read(
                    tx -> tx.createQuery("SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM report"
                                    + " WHERE state NOT IN ('acknowledged', 'rejected'))")
                            .mapTo(Long.class)
                            .one());
        }
    }

    private void print(Path workDir, String brokers, Settings settings, SentReports reports) {
        Set<String> published = TopicContents.events(brokers, settings.topic(Topic.SYNCS)).stream()
                .map(event -> event.at("/data/runId").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        try (Database database = Database.reading(workDir.resolve("data")).orElseThrow()) {
            List<String> finished =
                    database.read(tx -> tx.createQuery("SELECT id FROM run WHERE finished_at IS NOT NULL")
                            .mapTo(String.class)
                            .list());
            long incomplete = database.read(
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
            report.figure("runs", finished.size(), "");
            report.figure("runs of the hostile site that were not complete", hostile, "");
            report.figure("reports written", reports.payloads().size(), "");
            report.atMost("runs of healthy sites that were not complete", incomplete, 0);
            report.atMost(
                    "runs without an event",
                    finished.stream().filter(id -> !published.contains(id)).count(),
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

    private Path configure(Path workDir, String brokers, SsmSimulator ssm, SsmSimulator cloud, HostileServer hostile)
            throws IOException {
        Path config = Files.createDirectories(workDir.resolve("config"));
        Path secret = Files.writeString(workDir.resolve("secret"), "relay-secret-1\n");
        Path trust = ssm.authority().writeTo(workDir.resolve("ssm.pem"));
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
                + cloud.url() + "', " + client + ", trust: " + cloud.authority().writeTo(workDir.resolve("cloud.pem"))
                + " } }");
        yaml.add("  - { name: " + HOSTILE + ", jitter: 0s, schedule: '0/20 * * * * ?', reports: { push: off, topic: "
                + REPORTS_TOPIC
                + " }, ssm: { url: '" + hostile.url()
                + "', " + client + ", trust: " + hostile.trust(workDir) + ", " + limits + " } }");
        Files.write(config.resolve("relay.yaml"), yaml);
        Files.write(
                config.resolve("application.properties"),
                List.of("relay.kafka.brokers=" + brokers, "reports.poll.period=1000"));
        return config;
    }
}
