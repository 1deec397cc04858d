package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import org.junit.jupiter.api.Test;

/** Connections are reused, because a TLS handshake takes longer than many answers. */
class ConnectionsIT extends ScenarioIT {
    private static final int PARALLEL = 4;
    /** The connection of the token request, and those of the server check after a successful run. */
    private static final int OTHER_CONNECTIONS = 6;

    @Test
    void manyRequestsShareOneConnectionPerParallelRequest() throws Exception {
        for (int i = 0; i < 16; i++) {
            acme.va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay =
                        relay(ssm).site("parallel", Integer.toString(PARALLEL)).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(ssm.requests().newest()).hasSizeGreaterThan(3 * 17);
            assertThat(ssm.connections()).isLessThanOrEqualTo(PARALLEL + OTHER_CONNECTIONS);
        }
    }
}
