package io.licenserelay.bench;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * (h) Processes many usage reports of 4 KB from the inbox to their acknowledgements, with the relay and the floor
 * alternately. It measures the first reports of a JVM, and as many reports after it has processed others.
 */
final class ReportsBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SSM_CLIENT_SECRET", "relay-secret-1");
    private static final int PAYLOAD_CHARACTERS = 4096;
    /** Each device has ten reports, in one file or in ten files. */
    private static final int REPORTS_PER_DEVICE = 10;
    /** The first and the last batch are measured. */
    static final int BATCHES = 4;

    private final Path folder;
    private final int reports;
    private final int rounds;
    private final Report report;

    ReportsBenchmark(Path folder, int reports, int rounds, Report report) {
        this.folder = folder;
        this.reports = reports;
        this.rounds = rounds;
        this.report = report;
    }

    void run() throws Exception {
        for (int reportsPerFile : new int[] {REPORTS_PER_DEVICE, 1}) {
            report.title("(h) " + reports + " reports in " + reports / reportsPerFile + " files");
            Map<String, Figures> figures = new HashMap<>();
            for (int round = 0; round < rounds; round++) {
                measure(reportsPerFile, figures);
            }
            figures.keySet().stream()
                    .sorted()
                    .forEach(name -> report.figure(
                            name, figure(figures, name), name.endsWith("first") || name.endsWith("later") ? "s" : ""));
            for (String batch : List.of("first", "later")) {
                report.atLeast(
                        "floor / relay, " + batch,
                        figure(figures, "floor " + batch).median()
                                / figure(figures, "relay " + batch).median(),
                        0.6);
            }
        }
    }

    private static Figures figure(Map<String, Figures> figures, String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    /** Starts a new server for each, because a server accepts a report only once. */
    private void measure(int reportsPerFile, Map<String, Figures> figures) throws Exception {
        Map<String, Double> relay = child(reportsPerFile, RelayReports.class, Map.of());
        add(figures, "relay ", relay);
        add(figures, "floor ", child(reportsPerFile, FloorReports.class, relay));
    }

    /** @param relay the figures of the relay, for a floor that writes as many bytes; otherwise empty */
    private Map<String, Double> child(int reportsPerFile, Class<?> main, Map<String, Double> relay) throws Exception {
        Path workDir = Files.createTempDirectory(folder, "reports");
        SentReports sent = writeBatches(workDir, reportsPerFile);
        try (SsmSimulator ssm = server(sent)) {
            return ChildJvm.run(
                    SECRETS,
                    Benchmarks.RELAY_OPTIONS,
                    main,
                    configuration(workDir, ssm).toString(),
                    workDir.toString(),
                    Integer.toString(reports),
                    Long.toString(sent.va().account().id()),
                    Long.toString(sent.va().id()),
                    String.valueOf(relay.get("first written")),
                    String.valueOf(relay.get("later written")));
        } finally {
            Benchmarks.delete(workDir);
        }
    }

    /** Writes each batch into its own folder. The batches are moved to the inbox one after the other. */
    private SentReports writeBatches(Path workDir, int reportsPerFile) throws IOException {
        SentReports sent =
                new SentReports(workDir.resolve("reports/inbox"), 42, reports / REPORTS_PER_DEVICE, PAYLOAD_CHARACTERS);
        for (int batch = 0; batch < BATCHES; batch++) {
            sent.drop(reports / reportsPerFile, reportsPerFile);
            Files.move(workDir.resolve("reports/inbox"), batch(workDir, batch));
        }
        return sent;
    }

    /** Returns the name of the figures of a batch. */
    static String name(int batch) {
        if (batch == 0) {
            return "first";
        }
        return batch == BATCHES - 1 ? "later" : "between";
    }

    static Path batch(Path workDir, int number) {
        return workDir.resolve("batch" + number);
    }

    private static SsmSimulator server(SentReports sent) throws Exception {
        SsmSimulator ssm = SsmSimulator.builder()
                .estate(sent.estate())
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        ssm.reports().pollsUntilAck(0).pollInterval(1);
        return ssm;
    }

    private static Path configuration(Path workDir, SsmSimulator ssm) throws Exception {
        return TempRelay.in(workDir)
                .of(ssm)
                .brokers("127.0.0.1:1")
                .ssm("api", "cssm")
                .site(
                        "reports",
                        "{ push: api, inbox: " + workDir.resolve("reports/inbox") + ", outbox: "
                                + workDir.resolve("reports/outbox") + " }")
                .writeConfiguration();
    }

    private static void add(Map<String, Figures> figures, String prefix, Map<String, Double> measured) {
        measured.forEach((name, value) ->
                figures.computeIfAbsent(prefix + name, key -> new Figures()).add(value));
    }
}
