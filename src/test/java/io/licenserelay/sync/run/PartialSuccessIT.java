package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failed place does not affect other places, and one cause is one incident. */
class PartialSuccessIT extends ScenarioIT {
    @Test
    void aForbiddenVirtualAccountDoesNotFailOthers() throws Exception {
        acme.va("Lab").license("DNA Advantage", 3, 1, "In Compliance");
        acme.va("Büro / West 1").license("DNA Advantage", 2, 1, "In Compliance");
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("forbidden", "va", "Büro / West 1");
            SyncResult run = relay.sync();
            assertThat(run.outcome()).isEqualTo("partial");
            assertThat(run.virtualAccounts()).isEqualTo(2);
            assertThat(relay.inventory()).hasSize(3).noneMatch(row -> row.contains("West"));
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC3006");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.key()).isEqualTo("license-relay/hq/ACME/B%C3%BCro%20%2F%20West%201/pull");
            assertThat(trigger.text("/subject")).isEqualTo(trigger.key());
            assertThat(trigger.texts("/data/virtualAccounts")).containsExactly("Büro / West 1");
            assertThat(relay.events(Topic.SYNCS).get(0).at("/data/outcome").asText())
                    .isEqualTo("partial");
            ssm.faults().clear();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(states(relay.failures())).containsExactly("trigger", "resolve");
        }
    }

    @Test
    void manyPlacesWithTheSameFailureAreOneIncidentUntilAllRecover() throws Exception {
        manyVirtualAccounts(12);
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("forbidden", "resource", "licenses");
            SyncResult run = relay.sync();
            assertThat(run.outcome()).isEqualTo("failed");
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC3006");
            assertThat(trigger.key()).isEqualTo("license-relay/hq/ACME/pull");
            assertThat(trigger.texts("/data/virtualAccounts")).hasSize(13);
            assertThat(trigger.text("/data/summary")).contains("at 13 places");
            ssm.faults().clear();
            relay.sync();
            assertThat(states(relay.failures())).containsExactly("trigger", "resolve");
        }
    }

    @Test
    void aServerThatFailsDuringARunIsOneIncident() throws Exception {
        manyVirtualAccounts(40);
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("parallel", "4").start()) {
            relay.sync();
            List<String> before = relay.inventory();
            ssm.faults().set("unavailable", "resource", "devices");
            SyncResult run = relay.sync();
            assertThat(run.outcome()).isEqualTo("failed");
            assertThat(relay.inventory()).isEqualTo(before);
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC4001");
            assertThat(trigger.texts("/data/virtualAccounts")).hasSize(41);
        }
    }

    @Test
    void anUnreachableServerWithSeveralAccountsIsOneIncidentOfItsSite() throws Exception {
        estate.account("OTHER").va("Default").license("DNA Advantage", 1, 0, "In Compliance");
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("accounts", "[ ACME, OTHER ]").start()) {
            ssm.faults().set("refuse");
            List<SyncResult> results = relay.syncAll();
            assertThat(results).extracting(SyncResult::outcome).containsExactly("failed", "failed");
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC1003");
            assertThat(trigger.key()).isEqualTo("license-relay/hq/pull");
            ssm.faults().clear();
            relay.syncAll();
            assertThat(states(relay.failures())).containsExactly("trigger", "resolve");
        }
    }

    private void manyVirtualAccounts(int count) {
        for (int i = 0; i < count; i++) {
            acme.va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
    }
}
