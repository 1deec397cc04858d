package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.SyncResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryPullIT {
    @TempDir
    Path folder;

    @Test
    void theInventoryAndTheTopicsContainEverythingThatSsmLists() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME")
                .va("Default")
                .license("DNA Advantage", 10, 4, "In Compliance")
                .license("DNA Essentials", 5, 7, "out of compliance")
                .device("C8000V", "9ABC")
                .va("Büro / West 1")
                .license("DNA Advantage", 3, 0, "IN COMPLIANCE")
                .account()
                .alert("Update available", "minor", "SSM", "a newer release");
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .site("labels", "{ team: network }")
                        .setting("relay.name", "relay-eu")
                        .start()) {
            SyncResult result = relay.sync();
            assertThat(result.outcome()).isEqualTo("complete");
            assertThat(result.account()).isEqualTo("ACME");
            assertThat(result.virtualAccounts()).isEqualTo(2);
            assertThat(result.licenses()).isEqualTo(3);
            assertThat(result.outOfCompliance()).isEqualTo(1);
            assertThat(result.devices()).isEqualTo(1);
            assertThat(result.alerts()).isEqualTo(1);
            assertThat(result.changes()).isEqualTo(new SyncResult.Difference(3, 0, 0));
            assertThat(relay.events(Topic.LICENSES)).hasSize(3);
            assertThat(relay.events(Topic.SYNCS)).hasSize(1);
            for (Topic topic : List.of(Topic.LICENSES, Topic.SYNCS, Topic.FAILURES)) {
                assertThat(relay.events(topic)).as("%s", topic).isNotEmpty().allSatisfy(event -> {
                    assertThat(event.at("/data/labels").toString()).isEqualTo("{\"team\":\"network\"}");
                    assertThat(event.at("/data/relay/name").asText()).isEqualTo("relay-eu");
                    assertThat(event.path("source").asText()).startsWith("/relay-eu/hq");
                });
            }
            assertThat(relay.events(Topic.FAILURES)).singleElement().satisfies(event -> {
                assertThat(event.at("/data/diagnosis/code").asText()).isEqualTo("LIC9001");
                assertThat(event.at("/data/licensesTotal").asInt()).isEqualTo(1);
                assertThat(event.at("/data/licenses").toString())
                        .isEqualTo(
                                "[{\"name\":\"DNA Essentials\",\"virtualAccount\":\"Default\",\"billingType\":\"PREPAID\","
                                        + "\"quantity\":5,\"inUse\":7,\"shortBy\":2}]");
            });
        }
    }
}
