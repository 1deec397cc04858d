package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DepartureIT extends ScenarioIT {
    @BeforeEach
    void addSecondAccount() {
        estate.account("OTHER").va("Default").license("DNA Advantage", 3, 1, "In Compliance");
        estate.account("OTHER").va("Lab").license("DNA Advantage", 3, 9, "Out Of Compliance");
    }

    @Test
    void removingAnAccountFromTheConfigurationResolvesItsIncidents() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("accounts", "[ACME, OTHER]").start()) {
            ssm.faults().set("forbidden", "resource", "alerts");
            relay.syncAll();
            List<FailureEvent> triggers = relay.failures();
            assertThat(triggers)
                    .extracting(FailureEvent::key)
                    .containsExactlyInAnyOrder(
                            "license-relay/hq/ACME/pull",
                            "license-relay/hq/OTHER/pull",
                            "license-relay/hq/OTHER/Lab/compliance");

            relay.site("accounts", "[ACME]").restart();
            // In a cluster, an account ends when the nodes have agreed about the configuration for some time.
            await().atMost(Duration.ofMinutes(2)).until(() -> resolves(relay).size() == 2);
            List<FailureEvent> resolves = resolves(relay);
            assertThat(resolves)
                    .extracting(FailureEvent::key)
                    .containsExactlyInAnyOrder("license-relay/hq/OTHER/pull", "license-relay/hq/OTHER/Lab/compliance");
            for (FailureEvent resolve : resolves) {
                FailureEvent trigger = triggers.stream()
                        .filter(each -> each.key().equals(resolve.key()))
                        .findFirst()
                        .orElseThrow();
                assertThat(resolve.json().path("causationid").asText()).isEqualTo(trigger.id());
                assertThat(resolve.text("/data/severityNumber")).isEqualTo("0");
                assertThat(resolve.text("/data/run/cause")).isEqualTo("configuration");
                assertThat(resolve.text("/data/resolvedBecause"))
                        .isEqualTo("account OTHER of hq is no longer configured");
                assertThat(resolve.text("/data/summary"))
                        .contains(": account OTHER of hq is no longer configured, was: ");
            }
            relay.restart();
            assertThat(resolves(relay)).hasSize(2);
        }
    }

    @Test
    void theIncidentsOfAnAccountAreResolvedWhenSsmNoLongerListsIt() throws Exception {
        estate.account("OTHER").alert("Synchronization overdue", "minor", "SSM", "synchronize with Cisco");
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.syncAll();
            estate.remove("OTHER");
            relay.syncAll();
            assertThat(resolves(relay)).isEmpty();
            relay.relay().asSyncs().sync(null, true);
            relay.syncAll();
            assertThat(resolves(relay))
                    .filteredOn(event -> event.flow().equals("expiry"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.text("/data/resolvedBecause"))
                            .isEqualTo("SSM no longer lists account OTHER"));
            assertThat(open(relay)).isZero();
        }
    }

    @Test
    void aFailedAccountsRequestResolvesNoIncidents() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.syncAll();
            ssm.faults().set("forbidden", "resource", "accounts");
            relay.syncAll();
            assertThat(resolves(relay)).isEmpty();
        }
    }

    private static long open(TempRelay relay) {
        return relay.relay().database().read(tx ->
                (long) relay.relay().incidents().open(tx).size());
    }

    private static List<FailureEvent> resolves(TempRelay relay) throws InterruptedException {
        return relay.failures().stream()
                .filter(event -> event.state().equals("resolve"))
                .toList();
    }
}
