package io.licenserelay.sync.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the probe after pulls from a simulated SSM. */
class SsmStateProbeIT extends ScenarioIT {
    @Test
    void theProbeIsSkippedBeforeTheFirstSuccessfulPull() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            assertSkipped(new SsmStateProbe(null, Clock.systemUTC()), relay);
            assertSkipped(new SsmStateProbe(relay.relay().database(), Clock.systemUTC()), relay);
        }
    }

    @Test
    void anSsmWithoutAlertsIsOk() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            ProbeResult result = probe(relay);
            assertThat(result.status()).isEqualTo(Status.OK);
            assertThat(result.reason()).isEqualTo("ok");
            assertThat(result.details()).containsEntry("alertsInAll", 0).containsKey("lastGoodPull");
        }
    }

    @Test
    void alertsAndTheExpiryDateOfTheClientAreFindings() throws Exception {
        acme.alert("Synchronization Overdue", "major", "SSM", "Account was not synchronized for 41 days");
        LocalDate soon = LocalDate.now(ZoneOffset.UTC).plusDays(10);
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm)
                        .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET', expires: " + soon + " }")
                        .start()) {
            relay.sync();
            ProbeResult result = probe(relay);
            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.reason()).isEqualTo("worries");
            assertThat(result.findings())
                    .extracting(Finding::name)
                    .containsExactly("ssm.sync-overdue", "client.expires-soon");
            assertThat(result.details())
                    .containsEntry("daysSinceSynchronization", 41)
                    .containsEntry("clientExpires", soon.toString())
                    .containsEntry("alertsInAll", 1);
            assertThat((List<?>) result.details().get("alerts")).hasSize(1);

            // With a failure, the findings are side facts and never further causes.
            ssm.faults().set("bad-gateway");
            relay.sync();
            assertThat(relay.failures().stream()
                            .filter(each -> each.text("/data/flow").equals("pull")))
                    .hasSize(1)
                    .allSatisfy(trigger -> {
                        assertThat(trigger.code()).isEqualTo("LIC4001");
                        assertThat(trigger.others()).isEmpty();
                        assertThat(trigger.sideFacts()).containsExactlyInAnyOrder("LIC4009", "LIC3008");
                    });
        }
    }

    private static void assertSkipped(SsmStateProbe probe, TempRelay relay) throws Exception {
        ProbeResult result = probe.run(target(relay), Deadline.in(Duration.ofSeconds(5)));
        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("nothing-pulled");
    }

    private static ProbeResult probe(TempRelay relay) throws Exception {
        return new SsmStateProbe(relay.relay().database(), Clock.systemUTC())
                .run(target(relay), Deadline.in(Duration.ofSeconds(5)));
    }

    private static ProbeTarget target(TempRelay relay) throws Exception {
        return new ProbeTarget(relay.configuration().sites().get(0), null);
    }
}
