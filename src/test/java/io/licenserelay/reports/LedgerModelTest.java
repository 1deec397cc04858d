package io.licenserelay.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.reports.ledger.LedgerWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Runs the ledger with random orders of events, one world after the other. A failed world reports its seed and its steps. {@code
 * -Dledger.seed=17} runs that world again; {@code -Dledger.worlds=5000} runs more worlds.
 */
@Tag("deep")
class LedgerModelTest {
    private static final int STEPS = 100;

    @TempDir(factory = InMemory.class)
    Path folder;

    /** Uses a file system in memory if there is one, so that thousands of commits do not wait for a disk. */
    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "ledger")
                    : Files.createTempDirectory("ledger");
        }
    }

    @Test
    void everyReportReachesOneFinalStateAndIsAcceptedAsNewOnceForEveryOrderOfEvents() throws Exception {
        Long seed = Long.getLong("ledger.seed");
        long worlds = Long.getLong("ledger.worlds", 4);
        List<Long> seeds = seed != null
                ? List.of(seed)
                : LongStream.range(0, worlds).boxed().toList();
        int reports = 0;
        for (long each : seeds) {
            Path worldFolder = Files.createDirectory(folder.resolve("world-" + each));
            reports += runWorld(each, worldFolder);
        }
        assertThat(reports).isGreaterThan(seeds.size());
    }

    /** @return the number of reports */
    private static int runWorld(long seed, Path worldFolder) throws Exception {
        List<String> steps = new ArrayList<>();
        try (LedgerWorld world = new LedgerWorld(seed, worldFolder)) {
            try {
                for (int step = 0; step < STEPS; step++) {
                    world.step();
                }
                world.recoverAndSettle();
                assertFinalStates(world);
            } finally {
                steps.addAll(world.steps);
            }
            return world.reports().size();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "world " + seed + " failed; -Dledger.seed=" + seed + " runs it again. Its steps:\n"
                            + String.join("\n", steps),
                    e);
        }
    }

    private static void assertFinalStates(LedgerWorld world) throws Exception {
        assertThat(world.reports())
                .extracting(ReportEntry::digest)
                .containsExactlyElementsOf(world.payloads().keySet());
        List<ReportEntry> open = world.reports().stream()
                .filter(each -> each.state() != ReportState.ACKNOWLEDGED && each.state() != ReportState.REJECTED)
                .toList();
        // Polls settle every report except those whose poll id was in a lost answer.
        assertThat(open).allSatisfy(each -> {
            assertThat(each.state().awaitsAck()).isTrue();
            assertThat(world.pollId(each)).isEmpty();
            assertThat(world.usesBundles()).isFalse();
        });
        world.downloadAll(open);
        for (ReportEntry each : world.reports()) {
            boolean bad = world.server.isBad(each.digest());
            assertThat(each.state()).as("%s", each).isEqualTo(bad ? ReportState.REJECTED : ReportState.ACKNOWLEDGED);
            assertThat(world.server.has(each.digest())).isEqualTo(!bad);
            if (each.ackDigest() != null) {
                assertThat(Path.of(String.valueOf(each.ackFile()))).exists();
            }
        }
    }
}
