package io.licenserelay.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** (l) Licenses that are staged and applied, on SQLite and on PostgreSQL with several round trips. */
final class StagingBenchmark {
    private static final List<String> PULLS = List.of("first", "unchanged", "1 % changed");
    private static final List<Duration> ROUND_TRIPS =
            List.of(Duration.ZERO, Duration.ofNanos(100_000), Duration.ofMillis(1));

    private final Path folder;
    private final int licenses;
    private final int rounds;
    private final Report report;
    private int databases;

    StagingBenchmark(Path folder, int licenses, int rounds, Report report) {
        this.folder = folder;
        this.licenses = licenses;
        this.rounds = rounds;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(l) " + licenses + " licenses staged and applied, without HTTP");
        Map<String, Figures> figures = new HashMap<>();
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(
                        Files.createDirectories(folder.resolve("server")).toFile())
                .setLocaleConfig("locale", "C")
                .setConnectConfig("connectTimeout", "20")
                .start()) {
            for (int round = 0; round < rounds; round++) {
                measure(
                        figures,
                        "SQLite",
                        Files.createTempDirectory(folder, "sqlite").toString());
                for (Duration roundTrip : ROUND_TRIPS) {
                    try (SlowLink link = SlowLink.to(server.getPort(), roundTrip)) {
                        int port = roundTrip.isZero() ? server.getPort() : link.port();
                        measure(
                                figures,
                                name(roundTrip),
                                "jdbc:postgresql://127.0.0.1:" + port + "/" + newDatabase(server));
                    }
                }
            }
        }
        for (String pull : PULLS) {
            figures.keySet().stream()
                    .filter(name -> name.contains(pull))
                    .sorted()
                    .forEach(name -> report.figure(name, figures.getOrDefault(name, new Figures()), "s"));
            for (Duration roundTrip : ROUND_TRIPS) {
                report.atMost(
                        name(roundTrip) + " / SQLite, " + pull,
                        median(figures, name(roundTrip) + " " + pull) / median(figures, "SQLite " + pull),
                        1);
            }
        }
    }

    private static double median(Map<String, Figures> figures, String name) {
        return figures.getOrDefault(name, new Figures()).median();
    }

    private static String name(Duration roundTrip) {
        return "PostgreSQL, " + roundTrip.toNanos() / 1_000 + " µs";
    }

    private void measure(Map<String, Figures> figures, String name, String address)
            throws IOException, InterruptedException {
        ChildJvm.run(
                        Map.of(),
                        Benchmarks.RELAY_OPTIONS,
                        StagedPull.class,
                        Integer.toString(licenses),
                        address,
                        folder.toString())
                .forEach((pull, value) -> figures.computeIfAbsent(name + " " + pull, key -> new Figures())
                        .add(value));
    }

    /** A new database for each measurement, and none of an earlier one. */
    private String newDatabase(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS staging" + databases);
            databases++;
            statement.execute("CREATE DATABASE staging" + databases);
        }
        return "staging" + databases;
    }
}
