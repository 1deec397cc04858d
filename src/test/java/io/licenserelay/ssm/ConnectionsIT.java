package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import org.junit.jupiter.api.Test;

/** A handshake takes longer than many an answer, so connections are kept. */
class ConnectionsIT extends ScenarioIT {
    private static final int PARALLEL = 4;
    /** The token's own, and those of the look at the server after a good run. */
    private static final int OTHERS = 6;

    @Test
    void manyRequestsShareAsFewConnectionsAsAreNeededSideBySide() throws Exception {
        for (int i = 0; i < 16; i++) {
            acme.va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay =
                        relay(ssm).site("parallel", Integer.toString(PARALLEL)).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(ssm.requests().newest()).hasSizeGreaterThan(3 * 17);
            assertThat(ssm.connections()).isLessThanOrEqualTo(PARALLEL + OTHERS);
        }
    }
}
