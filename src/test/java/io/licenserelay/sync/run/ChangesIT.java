package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.LicenseItem;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run publishes only the differences from the previous run. */
class ChangesIT extends ScenarioIT {
    @Test
    void addedChangedAndRemovedLicensesArePublishedAndStoredInTheHistory() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            assertThat(relay.events(Topic.LICENSES)).hasSize(2);
            va.change("DNA Advantage", license -> license.inUse(7))
                    .remove("DNA Essentials")
                    .license("DNA Premier", 1, 0, "In Compliance");
            assertThat(relay.sync().changes()).isEqualTo(new SyncResult.Difference(1, 1, 1));
            assertThat(relay.sync().changes()).isEqualTo(new SyncResult.Difference(0, 0, 0));
            List<JsonNode> events = relay.events(Topic.LICENSES);
            assertThat(events)
                    .extracting(event -> event.at("/data/change").asText() + " "
                            + event.at("/data/license").asText() + " "
                            + event.at("/data/inUse").asLong())
                    .containsExactlyInAnyOrder(
                            "added DNA Advantage 4",
                            "added DNA Essentials 1",
                            "changed DNA Advantage 7",
                            "added DNA Premier 0");
            assertThat(RealKafka.records(relay.topic(Topic.LICENSES)))
                    .filteredOn(record -> record.value() == null)
                    .extracting(record -> record.key())
                    .containsExactly("hq/ACME/Default/DNA%20Essentials/PREPAID");
            assertThat(history(relay)).containsExactlyInAnyOrder("changed DNA Advantage 4", "gone DNA Essentials 1");
        }
    }

    @Test
    void rowsOfALicenseAreAddedUpPerBillingType() throws Exception {
        va.license("DNA Advantage", 5, 5, "In Compliance")
                .license(LicenseItem.of("DNA Advantage", 2, 1, "In Compliance").billedBy("USAGE"));
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            assertThat(relay.inventory())
                    .containsExactly(
                            "ACME/Default DNA Advantage PREPAID 15 9 In Compliance",
                            "ACME/Default DNA Advantage USAGE 2 1 In Compliance",
                            "ACME/Default DNA Essentials PREPAID 5 1 In Compliance");
        }
    }

    @Test
    void allPagesOfAServerAreRead() throws Exception {
        Estate large = Estate.generate(1, 2, 250, 42);
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(large)
                        .maxPage(100)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = relay(ssm).start()) {
            SyncResult result = relay.sync();
            assertThat(result.outcome()).isEqualTo("complete");
            assertThat(result.licenses()).isEqualTo(500);
            String account = large.accounts().get(0).name().replace(" ", "%20");
            assertThat(ssm.requests().count("/api/v1/accounts/" + account + "/licenses"))
                    .isEqualTo(6);
            assertThat(relay.sync().changes()).isEqualTo(new SyncResult.Difference(0, 0, 0));
        }
    }

    @Test
    void aVeryLargeAnswerIsReadCompletely() throws Exception {
        Estate large = Estate.generate(1, 1, 3_000, 7);
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(large)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = relay(ssm).start()) {
            assertThat(relay.sync().licenses()).isEqualTo(3_000);
        }
    }

    @Test
    void outOfComplianceIsAnIncidentUntilTheLicenseIsCompliant() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            va.outOfCompliance("DNA Advantage");
            SyncResult run = relay.sync();
            assertThat(run.outcome()).isEqualTo("complete");
            assertThat(run.outOfCompliance()).isEqualTo(1);
            relay.sync();
            va.change("DNA Advantage", license -> license.inUse(4).status("IN COMPLIANCE"));
            relay.sync();
            relay.sync();
            List<FailureEvent> events = relay.failures();
            assertThat(states(events)).containsExactly("trigger", "resolve");
            assertThat(events).extracting(FailureEvent::code).containsOnly("LIC9001");
            assertThat(events).extracting(FailureEvent::flow).containsOnly("compliance");
            assertThat(events).extracting(FailureEvent::key).containsOnly("license-relay/hq/ACME/Default/compliance");
            assertThat(events.get(0).because()).containsExactly("compliance.out");
            assertThat(events.get(0).confidence()).isEqualTo("proven");
            assertThat(events.get(0).text("/data/error/message")).contains("newly: DNA Advantage");
        }
    }

    private static List<String> history(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT change || ' ' || name || ' ' || in_use FROM license_history")
                .mapTo(String.class)
                .list());
    }
}
