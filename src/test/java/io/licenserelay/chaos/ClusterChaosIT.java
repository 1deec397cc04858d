package io.licenserelay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real relays on one PostgreSQL, hit by one fault after the other. {@code -Dchaos.faults=200} takes all kinds at random. */
@Tag("deep")
@Tag("only-deep")
class ClusterChaosIT {
    private static final long SEED = 17;

    /** Some of each family that take little time. */
    private static final List<ChaosFault> SIX = List.of(
            ChaosFault.KILL_AT_TAKEOVER,
            ChaosFault.LONG_PAUSE_BEFORE_POST,
            ChaosFault.POSTGRES_RESTART,
            ChaosFault.SHORT_PAUSE_IN_TRANSACTION,
            ChaosFault.KAFKA_AWAY_AT_TAKEOVER,
            ChaosFault.SHORT_PAUSE_IN_BATCH);

    @TempDir
    Path folder;

    @Test
    void nothingIsWrittenTwiceLostOrLeftOpen() throws Exception {
        ClusterChaos chaos = ClusterChaos.of(folder, SEED, System.out);
        int faults = Integer.getInteger("chaos.faults", 0);
        ChaosOutcome outcome = chaos.run(faults == 0 ? SIX : chaos.faults(faults));
        outcome.figures().forEach((name, value) -> System.out.printf("  %s: %s%n", name, value));
        assertThat(outcome.violations())
                .as(String.join("\n", outcome.samples()))
                .isNotEmpty()
                .allSatisfy((kind, count) -> assertThat(count).as(kind).isZero());
    }
}
