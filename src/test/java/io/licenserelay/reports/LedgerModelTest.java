package io.licenserelay.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.MigratedStore;
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
 * The ledger under any order of events, one world after the other. A world that fails tells its seed and its steps;
 * {@code -Dledger.seed=17} lives that one again, {@code -Dledger.worlds=5000} lives more.
 */
@Tag("deep")
class LedgerModelTest {
    private static final int STEPS = 100;

    @TempDir(factory = InMemory.class)
    Path folder;

    /** Where there is a file system in memory: thousands of commits need not wait for a disk here. */
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
    void everyReportEndsInOneFinalStateAndIsNewToTheServerOnceWhateverHappensInWhateverOrder() throws Exception {
        Long seed = Long.getLong("ledger.seed");
        long worlds = Long.getLong("ledger.worlds", 4);
        List<Long> seeds = seed != null
                ? List.of(seed)
                : LongStream.range(0, worlds).boxed().toList();
        int reports = 0;
        for (long each : seeds) {
            Path place = Files.createDirectory(folder.resolve("world-" + each));
            MigratedStore.into(place);
            reports += live(each, place);
        }
        assertThat(reports).isGreaterThan(seeds.size());
    }

    /** @return how many reports there were */
    private static int live(long seed, Path place) throws Exception {
        List<String> steps = new ArrayList<>();
        try (LedgerWorld world = new LedgerWorld(seed, place)) {
            try {
                for (int step = 0; step < STEPS; step++) {
                    world.step();
                }
                world.settleDown();
                assertEnded(world);
            } finally {
                steps.addAll(world.steps);
            }
            return world.reports().size();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "world " + seed + " failed; -Dledger.seed=" + seed + " lives it again. Its steps:\n"
                            + String.join("\n", steps),
                    e);
        }
    }

    private static void assertEnded(LedgerWorld world) throws Exception {
        assertThat(world.reports())
                .extracting(ReportEntry::digest)
                .containsExactlyElementsOf(world.payloads().keySet());
        List<ReportEntry> open = world.reports().stream()
                .filter(each -> each.state() != ReportState.ACKNOWLEDGED && each.state() != ReportState.REJECTED)
                .toList();
        // Polls alone end all but those of which nobody can ask: their poll id was in an answer that was lost.
        assertThat(open).allSatisfy(each -> {
            assertThat(each.state().awaitsAck()).isTrue();
            assertThat(world.pollId(each)).isEmpty();
            assertThat(world.carries()).isFalse();
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
