package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which runs count as interrupted when a relay begins to work for a site. */
class InterruptedRunsIT extends ScenarioIT {
    @Test
    void theCurrentRunIsNotInterruptedByARepeatedBegin() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            SyncService runs = relay.relay().runs();
            SyncRun run = Objects.requireNonNull(runs.begin(SyncRequest.of("hq", SyncRequest.Cause.SCHEDULE)));
            runs.endInterrupted(run.site());
            assertThat(outcomes(relay)).isEmpty();
            runs.finish(run);
            assertThat(outcomes(relay)).doesNotContain("interrupted").hasSize(1);
        }
    }

    private static List<String> outcomes(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT outcome FROM run WHERE outcome IS NOT NULL")
                .mapTo(String.class)
                .list());
    }
}
