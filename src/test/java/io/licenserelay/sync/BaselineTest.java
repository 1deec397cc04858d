package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.demo.SsmSimulator;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.site.Topic;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTest {
    @TempDir
    Path folder;

    @Test
    void aFailureNamesWhatChangedSinceTheLastGoodRun() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
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
        try (SsmSimulator ssm = SmallSsm.start();
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
