package io.licenserelay.bench;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * (j) Measures many sites in one relay. It compares the resources of the idle relay with those of a relay with a few
 * sites. It compares one sync of all sites with a floor: a plain client that sends as many requests over as many
 * connections, with the same parallelism. It also measures a sync of unreachable sites.
 */
final class SitesBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SECRET", "relay-secret-1");
    private static final int FEW = 5;
    private static final int UNREACHABLE = 100;

    private final Path folder;
    private final int sites;
    private final Report report;

    SitesBenchmark(Path folder, int sites, Report report) {
        this.folder = folder;
        this.sites = sites;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(j) " + sites + " sites");
        Path workDir = Files.createTempDirectory(folder, "sites");
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                SsmSimulator ssm = SsmSimulator.builder()
                        .estate(Estate.generate(1, 2, 20, 42))
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start()) {
            Path trust = ssm.authority().writeTo(workDir.resolve("ca.pem"));
            String brokers = kafka.brokers();
            Map<String, Double> few =
                    relay(configuration(workDir.resolve("few"), FEW, ssm.url().toString(), trust, brokers));
            int requestsBefore = ssm.requests().total();
            Path many = configuration(workDir.resolve("many"), sites, ssm.url().toString(), trust, brokers);
            Map<String, Double> all = relay(many);
            // Each site is synced twice. Only the first sync requests the token.
            int requests = Math.max(1, (ssm.requests().total() - requestsBefore) / (2 * sites));
            Map<String, Double> floor = ChildJvm.run(
                    SECRETS, Benchmarks.RELAY_OPTIONS, FloorSites.class, many.toString(), Integer.toString(requests));
            print(few, all, floor, requests);
            Map<String, Double> unreachable =
                    relay(configuration(workDir.resolve("dead"), UNREACHABLE, "https://127.0.0.1:9", trust, brokers));
            report.atMost("one sync of " + UNREACHABLE + " unreachable sites, s", of(unreachable, "sync"), 60);
            report.figure("threads with unreachable sites, at most", of(unreachable, "threads at most"), "");
        }
        Benchmarks.delete(workDir);
    }

    private void print(Map<String, Double> few, Map<String, Double> all, Map<String, Double> floor, int requests) {
        report.figure("from start to ready, with " + FEW + " sites", of(few, "ready"), "s");
        report.figure("from start to ready", of(all, "ready"), "s");
        report.figure("its processor time", of(all, "ready (processor time)"), "s");
        report.figure("floor: " + requests + " requests per site", of(floor, "sync"), "s");
        report.figure("one sync of all", of(all, "sync"), "s");
        report.atMost("one sync of all / floor", ratio(all, floor, "sync"), 4);
        for (String cost : List.of("threads", "resident MB", "descriptors")) {
            report.figure(cost + ", idle, with " + FEW + " sites", of(few, cost), "");
            report.figure(cost + ", idle", of(all, cost), "");
            report.figure(cost + " at most", of(all, cost + " at most"), "");
        }
        // Many inboxes can be checked at the same time, each in its own thread.
        report.atMost("threads, idle: " + sites + " sites / " + FEW, ratio(all, few, "threads"), 3);
        report.atMost("descriptors, idle: " + sites + " sites / " + FEW, ratio(all, few, "descriptors"), 1.25);
        report.atMost("resident, idle: " + sites + " sites / " + FEW, ratio(all, few, "resident MB"), 2);
    }

    private static double ratio(Map<String, Double> numerator, Map<String, Double> denominator, String figure) {
        return of(numerator, figure) / of(denominator, figure);
    }

    private static double of(Map<String, Double> figures, String figure) {
        return figures.getOrDefault(figure, Double.NaN);
    }

    private static Map<String, Double> relay(Path config) throws Exception {
        new TopicSetup(Configuration.read(config, SECRETS, Map.of()).settings()).ensure();
        return ChildJvm.run(
                SECRETS,
                Benchmarks.RELAY_OPTIONS,
                RelaySites.class,
                config.toString(),
                config.resolve("data").toString());
    }

    private static Path configuration(Path config, int count, String url, Path trust, String brokers) throws Exception {
        StringBuilder yaml = new StringBuilder("sites:\n");
        for (int i = 0; i < count; i++) {
            yaml.append("  - { name: site-").append(i);
            yaml.append(", schedule: \"0 0 0 1 1 ? 2099\", ssm: { url: \"").append(url);
            yaml.append("\", trust: \"").append(trust);
            yaml.append("\", client: { id: relay, secret: \"env:SECRET\" } } }\n");
        }
        Files.createDirectories(config);
        Files.writeString(config.resolve("relay.yaml"), yaml);
        Files.writeString(config.resolve("application.properties"), "relay.kafka.brokers=" + brokers + "\n");
        return config;
    }
}
