package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that may be repeated is, as the server asks; one that the breaker rejects fails. */
class RepeatingIT extends ScenarioIT {
    private static final String LICENSES = "/api/v1/accounts/ACME/licenses";

    @ParameterizedTest
    @ValueSource(strings = {"rate-limited", "unavailable"})
    void theServersOwnPauseIsKept(String fault) throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set(fault, "resource", "licenses", "retry-after", 1, "times", 1);
            SyncResult run = relay.sync();
            assertThat(run.outcome()).isEqualTo("complete");
            assertThat(run.seconds()).isGreaterThan(1.0);
            assertThat(ssm.requests().count(LICENSES)).isEqualTo(2);
        }
    }

    @Test
    void aPauseThatIsTooLongEndsTheRequest() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("rate-limited", "resource", "licenses", "retry-after", 3600);
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(ssm.requests().count(LICENSES)).isEqualTo(1);
            assertThat(only(relay.failures()).code()).isEqualTo("LIC4003");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unavailable", "reset", "server-error"})
    void whatPassesWithinThreeTriesIsNoFailure(String fault) throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set(fault, "resource", "token", "times", 1);
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            ssm.faults().clear().set(fault, "resource", "subscriptions", "times", 2);
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(relay.failures()).isEmpty();
        }
    }

    @Test
    void aRefusalIsNotRepeated() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("forbidden", "resource", "licenses", "times", 1);
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(ssm.requests().count(LICENSES)).isEqualTo(1);
        }
    }

    @Test
    void anOpenBreakerFailsWhatItRejectsAndTheNextRunAsksAnew() throws Exception {
        for (int i = 0; i < 40; i++) {
            acme.va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("server-error", "resource", "licenses");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(ssm.requests().count(LICENSES)).isLessThan(60);
            assertThat(relay.inventory()).isEmpty();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC4004");
            assertThat(trigger.texts("/data/virtualAccounts")).hasSize(41);
            ssm.faults().clear();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
        }
    }
}
