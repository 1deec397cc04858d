package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineIT {
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
            assertThat(trigger(relay).at("/data/changes")).anySatisfy(change -> {
                assertThat(change.path("what").asText()).isEqualTo("certificate");
                assertThat(change.path("how").asText()).isEqualTo("changed");
                assertThat(change.path("was").asText()).matches("([0-9A-F]{2}:?){32}");
                assertThat(change.path("is").asText())
                        .matches("([0-9A-F]{2}:?){32}")
                        .isNotEqualTo(change.path("was").asText());
            });
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

    @Test
    void aFieldThatAnAnswerLacksSinceIsNamed() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            ssm.faults().set("missing-field", "resource", "licenses", "field", "quantity");
            assertThat(relay.sync().outcome()).isNotEqualTo("complete");
            assertThat(trigger(relay).at("/data/changed").asText())
                    .startsWith("licenses: field \"quantity\" gone (last good run ");
            assertThat(trigger(relay).at("/data/changes").toString())
                    .contains("{\"what\":\"licenses: field \\\"quantity\\\"\",\"how\":\"gone\"}");
        }
    }

    @Test
    void whatIsGoneBesidesIsNamedThoughItIsNotWhatFails() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            ssm.faults().set("missing-field", "resource", "licenses", "field", "billingType");
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            ssm.faults().clear().set("forbidden", "resource", "devices");
            relay.sync();
            assertThat(trigger(relay).at("/data/changed").asText()).startsWith("licenses: field \"billingType\" new (");
        }
    }

    @Test
    void anotherTokenPathIsNamed() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            ssm.revokeTokens();
            ssm.faults().set("not-found", "resource", "token", "times", 1).set("forbidden", "resource", "licenses");
            relay.sync();
            assertThat(trigger(relay).at("/data/changed").asText())
                    .startsWith("token path was /oauth/token, is /backend/oauth/token (");
        }
    }

    @Test
    void anotherTokenDialectIsNamed() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            ssm.revokeTokens();
            ssm.faults()
                    .set("missing-field", "resource", "token", "field", "expires_in")
                    .set("forbidden", "resource", "licenses");
            relay.sync();
            assertThat(trigger(relay).at("/data/changed").asText()).startsWith("token: field \"expires_in\" gone (");
        }
    }

    @Test
    void anotherApiPrefixIsNamed() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            relay.ssm("api", "ssm-onprem-backend").restart();
            ssm.faults().set("not-found", "resource", "licenses");
            relay.sync();
            assertThat(trigger(relay).at("/data/changed").asText())
                    .contains("API prefix was /api/v1, is /backend/api/v1");
        }
    }

    @Test
    void aBaselineFromBeforeFieldsWereKeptIsStillCompared() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            relay.sync();
            relay.relay()
                    .database()
                    .write(tx -> tx.execute("UPDATE baseline SET body = ?", "{\"token path\":\"/another\"}"));
            ssm.faults().set("missing-field", "resource", "licenses", "field", "quantity");
            relay.sync();
            assertThat(trigger(relay).at("/data/changed").asText())
                    .startsWith("token path was /another, is /oauth/token (");
        }
    }

    @Test
    void whatChangedInTheConfigurationIsNamedAndTheDigestOfAnOlderRelayIsNoChange() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            relay.relay()
                    .database()
                    .write(tx -> tx.execute(
                            "UPDATE baseline SET body = json_set(body, '$.facts.configuration', '68201af')"));

            relay.site("parallel", "3").restart();
            ssm.faults().set("server-error");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(trigger(relay).at("/data/changed").asText())
                    .startsWith("sites[hq].parallel: 8 → 3 (last good run ");
        }
    }

    private static JsonNode trigger(TempRelay relay) throws InterruptedException {
        return relay.events(Topic.FAILURES).stream()
                .filter(event -> event.at("/data/state").asText().equals("trigger"))
                .findFirst()
                .orElseThrow();
    }
}
