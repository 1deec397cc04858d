package io.licenserelay.bench;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.ssm.SsmSimulatorBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** (a) Pulls many licenses of one virtual account over TLS into the database, with the floor and the relay alternately. */
final class PullBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SSM_CLIENT_SECRET", "relay-secret-1");
    private static final int PAGE = 1_000;
    private static final int SMALL_FACTOR = 10;
    private static final int[] PAGES = {PAGE, 0};

    private final Path folder;
    private final int licenses;
    private final int rounds;
    private final Report report;

    PullBenchmark(Path folder, int licenses, int rounds, Report report) {
        this.folder = folder;
        this.licenses = licenses;
        this.rounds = rounds;
        this.report = report;
    }

    void run() throws Exception {
        for (int page : PAGES) {
            String shape = page == 0 ? "as one body" : "in pages of " + page;
            report.title("(a) " + licenses + " licenses " + shape);
            Map<String, Figures> figures = new HashMap<>();
            for (int round = 0; round < rounds; round++) {
                pull(licenses, page, figures, "");
            }
            pull(licenses / SMALL_FACTOR, page, figures, "small ");
            print(figures);
        }
    }

    private void print(Map<String, Figures> figures) {
        figures.keySet().stream()
                .sorted()
                .forEach(name -> report.figure(
                        name, Objects.requireNonNull(figures.get(name), name), name.endsWith("resident") ? "MB" : "s"));
        report.atLeast("floor / relay, first time", ratio(figures, "first"), 0.7);
        report.atLeast("floor / relay, unchanged second time", ratio(figures, "second"), 0.8);
        report.atMost("resident, MB", median(figures, "relay resident"), 400);
        report.atMost(
                "resident against a tenth of the licenses",
                median(figures, "relay resident") / median(figures, "small relay resident"),
                1.1);
    }

    private static double ratio(Map<String, Figures> figures, String pull) {
        return median(figures, "floor " + pull) / median(figures, "relay " + pull);
    }

    private static double median(Map<String, Figures> figures, String name) {
        return figures.getOrDefault(name, new Figures()).median();
    }

    /** Starts a new server for every pair, so that no pair profits from the previous one. */
    private void pull(int count, int page, Map<String, Figures> figures, String prefix) throws Exception {
        Path workDir = Files.createTempDirectory(folder, "pull");
        Estate estate = Estate.generate(1, 1, count, 42);
        // Only licenses are measured: the other lists are requested for an account without entries.
        estate.account("None").va("Default");
        SsmSimulatorBuilder server = SsmSimulator.builder()
                .estate(estate)
                .maxPage(page)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS);
        try (SsmSimulator ssm = server.start()) {
            Path config = TempRelay.in(workDir)
                    .of(ssm)
                    .brokers("127.0.0.1:1")
                    .site("accounts", "[ACME]")
                    .ssm("page", page == 0 ? "all" : Integer.toString(page))
                    .ssm("limits", "{ total: 10m }")
                    .ssm(
                            "paths",
                            "{ subscriptions: /api/v1/accounts/None/license-subscriptions,"
                                    + " devices: \"/api/v1/accounts/None/virtual-accounts/{va}/devices\" }")
                    .writeConfiguration();
            String expected = Integer.toString(count);
            add(
                    figures,
                    prefix + "floor ",
                    ChildJvm.run(
                            SECRETS,
                            Benchmarks.RELAY_OPTIONS,
                            FloorPull.class,
                            config.toString(),
                            workDir.resolve("floor").toString(),
                            expected));
            add(
                    figures,
                    prefix + "relay ",
                    ChildJvm.run(
                            SECRETS,
                            Benchmarks.RELAY_OPTIONS,
                            RelayPull.class,
                            config.toString(),
                            workDir.resolve("relay").toString(),
                            Relays.routesWithoutPublishing(workDir.resolve("routes"))
                                    .toString(),
                            expected));
        }
        Benchmarks.delete(workDir);
    }

    private static void add(Map<String, Figures> figures, String prefix, Map<String, Double> measured) {
        measured.forEach((name, value) ->
                figures.computeIfAbsent(prefix + name, key -> new Figures()).add(value));
    }
}
