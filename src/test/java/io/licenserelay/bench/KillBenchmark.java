package io.licenserelay.bench;

import io.licenserelay.cli.ReportKills;
import java.nio.file.Files;
import java.nio.file.Path;

/** (g) Kills the real process with {@code kill -9} many times, at random instants while it processes reports. */
final class KillBenchmark {
    private static final long SEED = 20_261_122;

    private final Path folder;
    private final int kills;
    private final Report report;

    KillBenchmark(Path folder, int kills, Report report) {
        this.folder = folder;
        this.kills = kills;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(g) reports, killed " + kills + " times");
        measure(new ReportKills(Files.createTempDirectory(folder, "kills"), kills, SEED));
        report.title("(g) reports, killed " + kills + " times in the middle of a push");
        ReportKills.Outcome outcome =
                measure(ReportKills.duringPushes(Files.createTempDirectory(folder, "pushes"), kills, SEED));
        report.atMost("devices whose ACK was added manually", outcome.byHand(), 0);
    }

    private ReportKills.Outcome measure(ReportKills attempt) throws Exception {
        long start = System.nanoTime();
        ReportKills.Outcome outcome = attempt.run();
        report.figure("kills in the middle of a submission", outcome.midway(), "");
        report.figure("reports", outcome.reports(), "");
        report.figure("devices whose ACK was written to the inbox manually", outcome.byHand(), "");
        report.figure("records that were sent to Kafka again", outcome.resent(), "");
        report.figure("total time", Math.round(ChildJvm.secondsSince(start)), "s");
        report.atMost("reports lost", outcome.lost(), 0);
        report.atMost("reports duplicated", outcome.duplicated(), 0);
        return outcome;
    }
}
