package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.fixture.SsmSite;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BaselineIT {
    @RegisterExtension
    static final SharedRelay<SsmSite> RELAY = SsmSite.shared();

    private SsmSite site;

    @BeforeEach
    void take(SsmSite own) {
        site = own;
    }

    @Test
    void aFailureReportsChangesSinceTheLastSuccessfulRun() throws Exception {
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");

        site.ssm().faults().set("other-cert");
        assertThat(site.relay().sync().outcome()).isEqualTo("failed");
        assertThat(trigger(site.relay()).at("/data/changed").asText())
                .contains("certificate was ")
                .contains("last good run")
                .doesNotContain("addresses")
                .doesNotContain("API client id");
        assertThat(trigger(site.relay()).at("/data/changes")).anySatisfy(change -> {
            assertThat(change.path("what").asText()).isEqualTo("certificate");
            assertThat(change.path("how").asText()).isEqualTo("changed");
            assertThat(change.path("was").asText()).matches("([0-9A-F]{2}:?){32}");
            assertThat(change.path("is").asText())
                    .matches("([0-9A-F]{2}:?){32}")
                    .isNotEqualTo(change.path("was").asText());
        });
    }

    @Test
    void aFailureWithoutChangesReportsNone() throws Exception {
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");

        site.ssm().faults().set("server-error");
        assertThat(site.relay().sync().outcome()).isEqualTo("failed");
        assertThat(trigger(site.relay()).at("/data").has("changed")).isFalse();
    }

    @Test
    void aFieldThatDisappearedFromAnAnswerIsReported() throws Exception {
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");

        site.ssm().faults().set("missing-field", "resource", "licenses", "field", "quantity");
        assertThat(site.relay().sync().outcome()).isNotEqualTo("complete");
        assertThat(trigger(site.relay()).at("/data/changed").asText())
                .startsWith("licenses: field \"quantity\" gone (last good run ");
        assertThat(trigger(site.relay()).at("/data/changes").toString())
                .contains("{\"what\":\"licenses: field \\\"quantity\\\"\",\"how\":\"gone\"}");
    }

    @Test
    void aFieldChangeUnrelatedToTheFailureIsReported() throws Exception {
        site.ssm().faults().set("missing-field", "resource", "licenses", "field", "billingType");
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");

        site.ssm().faults().clear().set("forbidden", "resource", "devices");
        site.relay().sync();
        assertThat(trigger(site.relay()).at("/data/changed").asText())
                .startsWith("licenses: field \"billingType\" new (");
    }

    @Test
    void aChangedTokenPathIsReported() throws Exception {
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");

        site.ssm().revokeTokens();
        site.ssm().faults().set("not-found", "resource", "token", "times", 1).set("forbidden", "resource", "licenses");
        site.relay().sync();
        assertThat(trigger(site.relay()).at("/data/changed").asText())
                .startsWith("token path was /oauth/token, is /backend/oauth/token (");
    }

    @Test
    void aChangedTokenAnswerIsReported() throws Exception {
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");

        site.ssm().revokeTokens();
        site.ssm()
                .faults()
                .set("missing-field", "resource", "token", "field", "expires_in")
                .set("forbidden", "resource", "licenses");
        site.relay().sync();
        assertThat(trigger(site.relay()).at("/data/changed").asText()).startsWith("token: field \"expires_in\" gone (");
    }

    @Test
    void aChangedApiPrefixIsReported() throws Exception {
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");

        site.relay().ssm("api", "ssm-onprem-backend").restart();
        site.ssm().faults().set("not-found", "resource", "licenses");
        site.relay().sync();
        assertThat(trigger(site.relay()).at("/data/changed").asText())
                .contains("API prefix was /api/v1, is /backend/api/v1");
    }

    @Test
    void aBaselineWithoutFieldsIsStillCompared() throws Exception {
        site.relay().sync();
        site.relay()
                .relay()
                .database()
                .write(
                        Database.RELAY,
                        tx -> tx.execute("UPDATE baseline SET body = ?", "{\"token path\":\"/another\"}"));
        site.ssm().faults().set("missing-field", "resource", "licenses", "field", "quantity");
        site.relay().sync();
        assertThat(trigger(site.relay()).at("/data/changed").asText())
                .startsWith("token path was /another, is /oauth/token (");
    }

    @Test
    void aChangedSettingIsReportedAndTheDigestOfAnOlderRelayIsIgnored() throws Exception {
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");
        site.relay()
                .relay()
                .database()
                .write(
                        Database.RELAY,
                        tx -> storeDigestOfAnOlderRelay(tx, site.relay().siteName()));

        site.relay().site("parallel", "3").restart();
        site.ssm().faults().set("server-error");
        assertThat(site.relay().sync().outcome()).isEqualTo("failed");
        assertThat(trigger(site.relay()).at("/data/changed").asText())
                .startsWith("sites[" + site.relay().siteName() + "].parallel: 8 → 3 (last good run ");
    }

    private static int storeDigestOfAnOlderRelay(Handle tx, String name) {
        JsonNode body = Json.stored(
                tx.createQuery("SELECT body FROM baseline WHERE site = :site")
                        .bind("site", name)
                        .mapTo(String.class)
                        .one(),
                "the baseline");
        ((ObjectNode) body.path("facts")).put("configuration", "68201af");
        return tx.execute("UPDATE baseline SET body = ? WHERE site = ?", Json.write(body), name);
    }

    private static JsonNode trigger(TempRelay relay) throws InterruptedException {
        return relay.events(Topic.FAILURES).stream()
                .filter(event -> event.at("/data/state").asText().equals("trigger"))
                .findFirst()
                .orElseThrow();
    }
}
