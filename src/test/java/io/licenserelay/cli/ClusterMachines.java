package io.licenserelay.cli;

import static org.awaitility.Awaitility.await;

import io.licenserelay.app.LaterRelay;
import io.licenserelay.app.Relay;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.web.WebModule;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.config.watch.ConfigurationWatch;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.schema.Migrations;
import io.licenserelay.sync.run.SyncResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a cluster: one PostgreSQL database, one simulated SSM for all sites, one shared folder, and machines with a data
 * folder each, which run a relay or do not.
 */
final class ClusterMachines implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Path folder;
    private final List<String> sites;
    private final String url = PostgresServer.newDatabase();
    private final Properties settings = new Properties();
    private final SsmSimulator ssm;
    private final List<Machine> machines = new ArrayList<>();

    /** Each site has account ACME with the virtual accounts Default and Lab. */
    ClusterMachines(Path folder, List<String> sites) throws Exception {
        this.folder = folder;
        this.sites = sites;
        Estate estate = Estate.of();
        estate.account("ACME")
                .va("Default")
                .license("DNA Advantage", 10, 4, "In Compliance")
                .va("Lab")
                .license("DNA Essentials", 5, 1, "In Compliance");
        this.ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        ssm.authority().writeTo(folder.resolve("ssm-ca.pem"));
        Files.writeString(folder.resolve("ssm-secret"), "relay-secret-1\n");
        Files.writeString(folder.resolve("store-secret"), "store-secret-1\n");
        String prefix = RealKafka.prefix();
        for (Topic topic : Topic.values()) {
            settings.setProperty("relay.topics." + topic.key(), prefix + "." + topic.key());
        }
        settings.setProperty("relay.kafka.brokers", RealKafka.brokers());
        settings.setProperty("relay.kafka.maxBlock", "2s");
        settings.setProperty("relay.inbox.settle", "0s");
        settings.setProperty("relay.commands.pause", "0s");
        settings.setProperty("ssm.retry.delay", "20");
        settings.setProperty("configuration.period", "500");
        settings.setProperty("severity.period", "1000");
    }

    SsmSimulator ssm() {
        return ssm;
    }

    /** A machine with the configuration of the cluster. */
    Machine machine(String node) throws IOException {
        return machine(node, sites);
    }

    /** A machine whose configuration has other sites than the rest. */
    Machine machine(String node, List<String> names) throws IOException {
        return machine(node, names, folder.resolve("shared"));
    }

    /** A machine whose sites have inbox and outbox at their default places: in its own data folder. */
    Machine machineWithOwnFolders(String node) throws IOException {
        List<String> lines = sites.stream()
                .flatMap(name -> site(name, "reports: { push: bundle }").stream())
                .toList();
        return configured(node, lines);
    }

    /** @param exchange the folder that has inbox and outbox of each site */
    Machine machine(String node, List<String> names, Path exchange) throws IOException {
        return configured(
                node,
                names.stream().flatMap(name -> site(name, exchange).stream()).toList());
    }

    private Machine configured(String node, List<String> siteLines) throws IOException {
        Path config = Files.createDirectories(folder.resolve(node).resolve("config"));
        List<String> yaml = new ArrayList<>(List.of("sites:"));
        yaml.addAll(siteLines);
        yaml.addAll(List.of(
                "relay:",
                "  node: " + node,
                "  store: { url: '" + url + "', user: postgres, password: 'file:" + folder.resolve("store-secret")
                        + "' }"));
        Files.write(config.resolve("relay.yaml"), yaml);
        try (var out = Files.newBufferedWriter(config.resolve("application.properties"))) {
            settings.store(out, null);
        }
        Machine machine = new Machine(node, config, folder.resolve(node).resolve("data"));
        machines.add(machine);
        return machine;
    }

    /** The lines of a site in a list of sites. */
    List<String> site(String name) {
        return site(name, folder.resolve("shared"));
    }

    private List<String> site(String name, Path exchange) {
        return site(
                name,
                "reports: { push: bundle, inbox: " + exchange.resolve(name + "/inbox") + ", outbox: "
                        + exchange.resolve(name + "/outbox") + " }");
    }

    /** The same with other settings of its reports, as one line of YAML. */
    List<String> site(String name, String reports) {
        return List.of(
                "  - name: " + name,
                "    schedule: '0 0 0 1 1 ?'",
                "    jitter: 0s",
                "    probes: { deadline: 5s }",
                "    " + reports,
                "    ssm:",
                "      url: " + ssm.url(),
                "      client: { id: relay, secret: 'file:" + folder.resolve("ssm-secret") + "' }",
                "      trust: " + folder.resolve("ssm-ca.pem"),
                "      limits: { connect: 2s, tls: 2s, response: 60s, total: 120s }");
    }

    void createTopics() throws Exception {
        new TopicSetup(machines.get(0).configuration().settings()).ensure();
    }

    String topic(Topic topic) {
        return settings.getProperty("relay.topics." + topic.key());
    }

    /** The texts of the only column of a statement. */
    List<String> rows(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, PostgresServer.administrator());
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet row = statement.getResultSet()) {
                    while (row.next()) {
                        rows.add(row.getString(1));
                    }
                }
            }
            return rows;
        }
    }

    List<String> ownedBy(String node) throws SQLException {
        return rows("SELECT site FROM site_owner WHERE node = '" + node + "' AND site <> 'relay' ORDER BY site");
    }

    void awaitOwner(String site, String node) {
        await().atMost(TIMEOUT).until(() -> ownedBy(node).contains(site));
    }

    @Override
    public void close() throws Exception {
        for (Machine each : machines) {
            each.stop();
        }
        ssm.close();
    }

    /** A computer with a configuration and a data folder. */
    final class Machine {
        private final String node;
        private final Path config;
        private final Path data;
        private @Nullable DataFolder held;
        private @Nullable Relay relay;
        private @Nullable WebModule web;

        Machine(String node, Path config, Path data) {
            this.node = node;
            this.config = config;
            this.data = data;
        }

        String node() {
            return node;
        }

        Path data() {
            return data;
        }

        Configuration configuration() throws Exception {
            return Configuration.read(config, data, Map.of());
        }

        /** Writes a file of the configuration, which a running relay takes over. */
        void write(String file, List<String> lines) throws IOException {
            Path target = config.resolve(file);
            Files.createDirectories(target.getParent());
            Files.write(target, lines);
        }

        void delete(String file) throws IOException {
            Files.delete(config.resolve(file));
        }

        /** Runs a command in this JVM. */
        CommandResult run(String... command) {
            return CommandResult.of(arguments(command));
        }

        String[] arguments(String... command) {
            List<String> all = new ArrayList<>(List.of(command));
            all.addAll(List.of("--config", config.toString(), "--data", data.toString()));
            return all.toArray(String[]::new);
        }

        /** Starts a relay in this JVM, as {@code run} does. */
        void start() throws Exception {
            start(Migrations.PACKED);
        }

        /** The same for a version of the relay with these migrations. */
        void start(Migrations migrations) throws Exception {
            start(migrations, 1);
        }

        /** The same for a relay for which the time passes faster during which the configurations of the nodes differ. */
        void startComparing(int factor) throws Exception {
            start(Migrations.PACKED, factor);
        }

        private void start(Migrations migrations, int comparing) throws Exception {
            held = DataFolder.take(data).orElseThrow();
            Configuration configuration = configuration();
            relay = LaterRelay.of(configuration, data, migrations, comparing);
            relay.follow(new ConfigurationWatch(configuration, data, Map.of(), Map.of(), Clock.systemUTC()));
            web = new WebModule(configuration.settings().web(), data, Clock.systemUTC());
            relay.serve(web);
            relay.start(RouteFiles.PACKED, true);
            web.listen();
        }

        /** Runs a sync of every site, wherever it is owned, and returns the outcomes. */
        List<SyncResult> sync() throws InterruptedException {
            return Objects.requireNonNull(relay).asSyncs().sync(null, false);
        }

        void stop() throws Exception {
            if (web != null) {
                web.close();
                web = null;
            }
            if (relay != null) {
                relay.close();
                relay = null;
            }
            if (held != null) {
                held.close();
                held = null;
            }
        }
    }
}
