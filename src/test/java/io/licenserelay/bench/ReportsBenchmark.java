package io.licenserelay.bench;

import io.licenserelay.cli.SentReports;
import io.licenserelay.demo.SsmSimulator;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.site.Grant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** (h) Many usage reports of 4 KB from the inbox to their acknowledgements, relay and floor in turn. */
final class ReportsBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SSM_CLIENT_SECRET", "relay-secret-1");
    private static final int CHARACTERS = 4096;
    /** Ten reports a device, in one file or in ten. */
    private static final int EACH = 10;

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
                    .forEach(name -> report.figure(name, figure(figures, name), name.endsWith("reports") ? "s" : ""));
            report.atLeast(
                    "floor / relay",
                    figure(figures, "floor reports").median()
                            / figure(figures, "relay reports").median(),
                    0.6);
        }
    }

    private static Figures figure(Map<String, Figures> figures, String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    /** A server of its own for each, since a report is new to one once. */
    private void round(int each, Map<String, Figures> figures) throws Exception {
        double written = relay(each, figures);
        floor(each, figures, Math.round(written * 1e6));
    }

    private double relay(int each, Map<String, Figures> figures) throws Exception {
        Path place = Files.createTempDirectory(folder, "reports");
        SentReports sent = dropped(place, each);
        try (SsmSimulator ssm = server(sent)) {
            Map<String, Double> said = ChildJvm.run(
                    SECRETS,
                    Benchmarks.RELAY_OPTIONS,
                    RelayReports.class,
                    configuration(place, ssm).toString(),
                    place.resolve("data").toString(),
                    Relays.routesWithoutPublishing(place.resolve("routes")).toString(),
                    Integer.toString(reports));
            note(figures, "relay ", said);
            return Objects.requireNonNull(said.get("written"));
        } finally {
            Benchmarks.delete(place);
        }
    }

    private void floor(int each, Map<String, Figures> figures, long bytes) throws Exception {
        Path place = Files.createTempDirectory(folder, "reports");
        SentReports sent = dropped(place, each);
        try (SsmSimulator ssm = server(sent)) {
            note(
                    figures,
                    "floor ",
                    ChildJvm.run(
                            SECRETS,
                            Benchmarks.RELAY_OPTIONS,
                            FloorReports.class,
                            configuration(place, ssm).toString(),
                            Long.toString(sent.va().account().id()),
                            Long.toString(sent.va().id()),
                            place.resolve("journal").toString(),
                            Integer.toString(reports),
                            Long.toString(bytes)));
        } finally {
            Benchmarks.delete(place);
        }
    }

    private SentReports dropped(Path place, int each) {
        SentReports sent = new SentReports(place.resolve("reports/inbox"), 42, reports / EACH, CHARACTERS);
        sent.drop(reports / each, each);
        return sent;
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
