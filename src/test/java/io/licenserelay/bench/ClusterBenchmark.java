package io.licenserelay.bench;

import static org.awaitility.Awaitility.await;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.estate.LicenseItem;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * (n) Measures how many runs per second 1, 2 and 3 relays make that share one PostgreSQL. Every site is always due. In the first load, the
 * relays wait for SSM: the floor is as many times the runs of one relay. In the second load, every license changes between two runs, so
 * that the relays write: it shows what one PostgreSQL bears, and what a run costs.
 */
final class ClusterBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SECRET", "relay-secret-1", "STORE_PASSWORD", "bench");
    private static final int SITES = 60;
    private static final int MAX_NODES = 3;
    private static final int MAX_SPREAD = 2;
    private static final Duration START = Duration.ofMinutes(5);
    private static final String VA = "Default";

    private final Path folder;
    private final Duration window;
    private final Report report;

    /** @param window how long the runs are counted */
    ClusterBenchmark(Path folder, Duration window, Report report) {
        this.folder = folder;
        this.window = window;
        this.report = report;
    }

    /**
     * What the sites do.
     *
     * @param roundTrip to SSM
     * @param changing whether every license changes all the time
     */
    private record Load(String name, Duration roundTrip, int licenses, boolean changing) {}

    void run() throws Exception {
        report.title("(n) " + SITES + " sites that are always due, on 1, 2 and 3 nodes");
        List<Double> waiting = measure(new Load("waiting for SSM", Duration.ofMillis(500), 20, false));
        for (int nodes = 2; nodes <= MAX_NODES; nodes++) {
            report.atLeast(
                    "waiting for SSM, " + nodes + " nodes / " + nodes + " times one node",
                    waiting.get(nodes - 1) / (nodes * waiting.get(0)),
                    0.95);
        }
        List<Double> writing = measure(new Load("writing", Duration.ZERO, 1_000, true));
        for (int nodes = 2; nodes <= MAX_NODES; nodes++) {
            report.figure(
                    "writing, " + nodes + " nodes / one node",
                    String.format(Locale.ROOT, "%.2f", writing.get(nodes - 1) / writing.get(0)),
                    "");
        }
    }

    /** The runs per second of 1, 2, … nodes. */
    private List<Double> measure(Load load) throws Exception {
        List<Double> runs = new ArrayList<>();
        for (int nodes = 1; nodes <= MAX_NODES; nodes++) {
            Path workDir = Files.createTempDirectory(folder, "cluster");
            runs.add(measure(load, nodes, workDir));
            Benchmarks.delete(workDir);
        }
        return runs;
    }

    private double measure(Load load, int nodes, Path workDir) throws Exception {
        Estate estate = Estate.of();
        List<EstateVa> all = new ArrayList<>();
        for (int site = 0; site < SITES; site++) {
            EstateVa va = estate.account("account-" + site).va(VA);
            for (int license = 0; license < load.licenses; license++) {
                va.license("License " + license, 10, 0, LicenseItem.IN_COMPLIANCE);
            }
            all.add(va);
        }
        List<Process> running = new ArrayList<>();
        try (EmbeddedPostgres server = server(workDir);
                EmbeddedKafka kafka = EmbeddedKafka.start();
                SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                SlowLink link = SlowLink.to(ssm.port(), load.roundTrip);
                ChangingLicenses changes = new ChangingLicenses(load.changing ? all : List.of())) {
            Path trust = ssm.authority().writeTo(workDir.resolve("ca.pem"));
            int port = load.roundTrip.isZero() ? ssm.port() : link.port();
            for (int node = 1; node <= nodes; node++) {
                Path config = configuration(workDir, node, port, trust, server, kafka.brokers());
                if (node == 1) {
                    new TopicSetup(Configuration.read(config, SECRETS, Map.of()).settings()).ensure();
                }
                running.add(start(config));
            }
            try (Connection database = server.getPostgresDatabase().getConnection()) {
                await().atMost(START).until(() -> hasTables(database) && isSpread(database, nodes) && isWarm(database));
                changes.start();
                ClusterUse before =
                        ClusterUse.of(database, running, ssm.requests().total());
                TimeUnit.NANOSECONDS.sleep(window.toNanos());
                ClusterUse used =
                        ClusterUse.of(database, running, ssm.requests().total()).since(before);
                double seconds = window.toMillis() / 1e3;
                used.print(report, load.name + ", " + nodes + (nodes == 1 ? " node" : " nodes"), seconds);
                return used.runs() / seconds;
            }
        } finally {
            for (Process each : running) {
                each.destroyForcibly().waitFor();
            }
        }
    }

    /** With the safety of a real one: the embedded server does not wait for the disk by default. */
    private static EmbeddedPostgres server(Path workDir) throws IOException {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(
                        Files.createDirectories(workDir.resolve("server")).toFile())
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setConnectConfig("connectTimeout", "20")
                .start();
    }

    private static Path configuration(
            Path workDir, int node, int ssmPort, Path trust, EmbeddedPostgres server, String brokers)
            throws IOException {
        Path config = Files.createDirectories(workDir.resolve("node-" + node));
        List<String> yaml = new ArrayList<>(List.of(
                "relay:",
                "  node: node-" + node,
                "  store: { url: 'jdbc:postgresql://localhost:" + server.getPort()
                        + "/postgres', user: postgres, password: 'env:STORE_PASSWORD' }",
                "sites:"));
        for (int site = 0; site < SITES; site++) {
            yaml.addAll(List.of(
                    "  - name: site-" + site,
                    "    accounts: [account-" + site + "]",
                    "    jitter: 0s",
                    "    schedule: '* * * * * ?'",
                    "    ssm:",
                    "      url: https://localhost:" + ssmPort,
                    "      client: { id: relay, secret: 'env:SECRET' }",
                    "      trust: " + trust));
        }
        Files.write(config.resolve("relay.yaml"), yaml);
        Files.writeString(config.resolve("application.properties"), "relay.kafka.brokers=" + brokers + "\n");
        return config;
    }

    private static Process start(Path config) throws IOException {
        List<String> command = new ArrayList<>(List.of(ChildJvm.JAVA));
        command.addAll(Benchmarks.RELAY_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.licenserelay.cli.LicenseRelay"));
        command.addAll(List.of(
                "run",
                "--config",
                config.toString(),
                "--data",
                config.resolve("data").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(config.resolve("log").toFile()));
        builder.environment().putAll(SECRETS);
        builder.environment().put("RELAY_LOG_LEVEL", "WARN");
        return builder.start();
    }

    private static boolean hasTables(Connection database) throws SQLException {
        return ClusterUse.column(database, "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'site_owner'")
                        .get(0)
                > 0;
    }

    private static boolean isSpread(Connection database, int nodes) throws SQLException {
        List<Long> owned = ClusterUse.column(
                database, "SELECT COUNT(*) FROM site_owner WHERE node IS NOT NULL AND site <> 'relay' GROUP BY node");
        return owned.size() == nodes
                && owned.stream().mapToLong(Long::longValue).sum() == SITES
                && owned.stream().mapToLong(Long::longValue).max().orElse(0)
                                - owned.stream()
                                        .mapToLong(Long::longValue)
                                        .min()
                                        .orElse(0)
                        <= MAX_SPREAD;
    }

    /** Each site has run three times, so that the code of the relays is compiled. */
    private static boolean isWarm(Connection database) throws SQLException {
        return ClusterUse.column(
                                database,
                                "SELECT COUNT(*) FROM (SELECT site FROM run WHERE outcome = 'complete' GROUP BY site"
                                        + " HAVING COUNT(*) >= 3) AS warm")
                        .get(0)
                == SITES;
    }
}
