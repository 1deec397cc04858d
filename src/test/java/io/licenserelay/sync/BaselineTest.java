package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.demo.Estate;
import io.licenserelay.demo.SsmSimulator;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.site.Grant;
import io.licenserelay.site.Topic;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTest {
    @TempDir
    Path folder;

    @Test
    void aFailureNamesWhatChangedSinceTheLastGoodRun() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA", 1, 0, "In Compliance");
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            ssm.faults().set("other-cert");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(trigger(relay).at("/data/changed").asText())
                    .contains("certificate was ")
                    .contains("last good run")
                    .doesNotContain("addresses")
                    .doesNotContain("API client id");
        }
    }

    @Test
    void whereNothingChangedNothingIsNamed() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA", 1, 0, "In Compliance");
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            ssm.faults().set("server-error");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(trigger(relay).at("/data").has("changed")).isFalse();
        }
    }

    private static JsonNode trigger(TempRelay relay) throws InterruptedException {
        return relay.events(Topic.FAILURES).stream()
                .filter(event -> event.at("/data/state").asText().equals("trigger"))
                .findFirst()
                .orElseThrow();
    }
}
