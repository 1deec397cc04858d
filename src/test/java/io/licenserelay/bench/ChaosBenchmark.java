package io.licenserelay.bench;

import io.licenserelay.app.UnfencedRelay;
import io.licenserelay.chaos.ChaosFault;
import io.licenserelay.chaos.ChaosOutcome;
import io.licenserelay.chaos.ClusterChaos;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** (m) Three relays on one PostgreSQL, hit by many faults. */
final class ChaosBenchmark {
    private static final long SEED = 20_261_129;

    private final Path folder;
    private final int faults;
    private final Report report;

    /** @param faults how many, not counted those of {@link #withoutTheFence} */
    ChaosBenchmark(Path folder, int faults, Report report) {
        this.folder = folder;
        this.faults = faults;
        this.report = report;
    }

    /** Shows that the counts notice relays that write without a check of their ownership: at least one count is not 0. */
    void withoutTheFence() throws Exception {
        report.title("(m) three relays that check no owner, two long pauses");
        ClusterChaos chaos =
                ClusterChaos.of(UnfencedRelay.class, Files.createTempDirectory(folder, "unfenced"), SEED, System.out);
        ChaosOutcome outcome = chaos.run(List.of(ChaosFault.LONG_PAUSE_BEFORE_POST, ChaosFault.LONG_PAUSE_IN_BATCH));
        outcome.violations().forEach((kind, count) -> report.figure(kind, count, ""));
        report.atLeast(
                "violations",
                outcome.violations().values().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                1);
    }

    void run() throws Exception {
        report.title("(m) three relays on one PostgreSQL, " + faults + " faults");
        ClusterChaos chaos = ClusterChaos.of(Files.createTempDirectory(folder, "chaos"), SEED, System.out);
        long start = System.nanoTime();
        ChaosOutcome outcome = chaos.run(chaos.faults(faults));
        report.figure("total time", Math.round(ChildJvm.secondsSince(start)), "s");
        outcome.figures().forEach((name, value) -> report.figure(name, value, ""));
        outcome.measured().forEach((name, each) -> report.atMost(name, each.figure(), each.target()));
        outcome.violations().forEach((kind, count) -> report.atMost(kind, count, 0));
        outcome.samples().forEach(sample -> System.out.println("    " + sample));
    }
}
