package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.incident.Incidents;
import io.licenserelay.simulator.ssm.SsmSimulator;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

/** The service log alone shows why a run failed. */
class RunLogIT extends ScenarioIT {
    private static final String NEXT = "; the next run is due at 2\\S+Z";

    @Test
    void aFailedRunIsLoggedAsOneErrorAndItsRecoveryAsInfo() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start();
                CapturedLog runs = new CapturedLog(SyncService.class);
                CapturedLog incidents = new CapturedLog(Incidents.class)) {
            ssm.faults().set("bad-gateway");
            relay.sync();
            assertThat(runs.lines(Level.ERROR))
                    .singleElement()
                    .asString()
                    .matches("hq: sync \\d+ ended failed: hq: .+ \\(LIC4001\\)" + NEXT);
            assertThat(runs.lines(Level.WARN)).isEmpty();
            ssm.faults().clear();
            relay.sync();
            assertThat(incidents.lines(Level.INFO))
                    .singleElement()
                    .asString()
                    .matches("hq: recovered, was: hq: .+ \\(LIC4001\\)");
            assertThat(runs.lines(Level.ERROR)).hasSize(1);
        }
    }

    @Test
    void aPartialRunIsLoggedAsOneWarningWithItsPlaces() throws Exception {
        acme.va("Lab").license("DNA Advantage", 3, 1, "In Compliance");
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start();
                CapturedLog runs = new CapturedLog(SyncService.class)) {
            ssm.faults().set("forbidden", "va", "Lab");
            relay.sync();
            assertThat(runs.lines(Level.WARN))
                    .singleElement()
                    .asString()
                    .matches("hq: sync \\d+ ended partial: hq/ACME/Lab: .+ \\(LIC3006\\)" + NEXT);
            assertThat(runs.lines(Level.ERROR)).isEmpty();
        }
    }
}
