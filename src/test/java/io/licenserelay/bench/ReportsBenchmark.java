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
 * (h) Many usage reports of 4 KB from the inbox to their acknowledgements, relay and floor in turn: the first that a JVM meets,
 * and as many once it has met more.
 */
final class ReportsBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SSM_CLIENT_SECRET", "relay-secret-1");
    private static final int CHARACTERS = 4096;
    /** Ten reports a device, in one file or in ten. */
    private static final int EACH = 10;
    /** The first is timed, and the last. */
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
        for (int each : new int[] {EACH, 1}) {
            report.title("(h) " + reports + " reports in " + reports / each + " files");
            Map<String, Figures> figures = new HashMap<>();
            for (int round = 0; round < rounds; round++) {
                round(each, figures);
            }
            figures.keySet().stream()
                    .sorted()
                    .forEach(name -> report.figure(
                            name, figure(figures, name), name.endsWith("first") || name.endsWith("later") ? "s" : ""));
            for (String which : List.of("first", "later")) {
                report.atLeast(
                        "floor / relay, " + which,
                        figure(figures, "floor " + which).median()
                                / figure(figures, "relay " + which).median(),
                        0.6);
            }
        }
    }

    private static Figures figure(Map<String, Figures> figures, String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    /** A server of its own for each, since a report is new to one once. */
    private void round(int each, Map<String, Figures> figures) throws Exception {
        Map<String, Double> relay = child(each, RelayReports.class, Map.of());
        note(figures, "relay ", relay);
        note(figures, "floor ", child(each, FloorReports.class, relay));
    }

    /** @param relay what it said, when the floor is to write as much */
    private Map<String, Double> child(int each, Class<?> main, Map<String, Double> relay) throws Exception {
        Path place = Files.createTempDirectory(folder, "reports");
        SentReports sent = dropped(place, each);
        try (SsmSimulator ssm = server(sent)) {
            return ChildJvm.run(
                    SECRETS,
                    Benchmarks.RELAY_OPTIONS,
                    main,
                    configuration(place, ssm).toString(),
                    place.toString(),
                    Integer.toString(reports),
                    Long.toString(sent.va().account().id()),
                    Long.toString(sent.va().id()),
                    String.valueOf(relay.get("first written")),
                    String.valueOf(relay.get("later written")));
        } finally {
            Benchmarks.delete(place);
        }
    }

    /** Each batch in a folder of its own, in turn all of them for the inbox. */
    private SentReports dropped(Path place, int each) throws IOException {
        SentReports sent = new SentReports(place.resolve("reports/inbox"), 42, reports / EACH, CHARACTERS);
        for (int batch = 0; batch < BATCHES; batch++) {
            sent.drop(reports / each, each);
            Files.move(place.resolve("reports/inbox"), batch(place, batch));
        }
        return sent;
    }

    /** What its figures are called. */
    static String name(int batch) {
        if (batch == 0) {
            return "first";
        }
        return batch == BATCHES - 1 ? "later" : "between";
    }

    static Path batch(Path place, int number) {
        return place.resolve("batch" + number);
    }

    private static SsmSimulator server(SentReports sent) throws Exception {
        SsmSimulator ssm = SsmSimulator.builder()
                .estate(sent.estate())
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        ssm.reports().pollsUntilAck(0).pollInterval(1);
        return ssm;
    }

    private static Path configuration(Path place, SsmSimulator ssm) throws Exception {
        return TempRelay.in(place)
                .of(ssm)
                .brokers("127.0.0.1:1")
                .ssm("api", "cssm")
                .site(
                        "reports",
                        "{ push: api, inbox: " + place.resolve("reports/inbox") + ", outbox: "
                                + place.resolve("reports/outbox") + " }")
                .writeConfiguration();
    }

    private static void note(Map<String, Figures> figures, String who, Map<String, Double> said) {
        said.forEach((name, value) ->
                figures.computeIfAbsent(who + name, key -> new Figures()).add(value));
    }
}
