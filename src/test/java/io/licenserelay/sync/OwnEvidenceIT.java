package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evidence of a failure comes from its own step, and not from earlier steps. */
class OwnEvidenceIT {
    @TempDir
    Path folder;

    @Test
    void anInboxThatIsAFileIsAFailureOfTheRelayWithoutSsmEvidence() throws Exception {
        Path inbox = Files.writeString(folder.resolve("inbox-that-is-a-file"), "");
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .site("reports", "{ push: bundle, inbox: '" + inbox + "' }")
                        .start()) {
            relay.sync();
            JsonNode data = failure(relay, "push");
            assertThat(data.at("/step").asText()).isEqualTo("inbox");
            assertThat(data.at("/diagnosis/code").asText()).isEqualTo("LIC8005");
            assertThat(data.at("/error/message").asText()).contains(inbox.toString());
            assertOnlyTheRelayIsReported(data);
        }
    }

    @Test
    void aRunThatCannotBeStoredIsAFailureOfTheRelayWithoutSsmEvidence() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            TestStore.current().refuseInserts(relay.relay().database(), "baseline", "this table takes no rows");
            assertThat(relay.sync().outcome()).isEqualTo("partial");
            JsonNode data = failure(relay, "pull");
            assertThat(data.at("/step").asText()).isEqualTo("apply");
            assertThat(data.at("/error/message").asText()).contains("this table takes no rows");
            assertOnlyTheRelayIsReported(data);
        }
    }

    @Test
    void anUnansweredTokenRequestIsReportedAsTheFailedRequest() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .ssm("limits", "{ connect: 2s, tls: 2s, response: 1s, total: 20s }")
                        .start()) {
            ssm.faults().set("latency", "resource", "token", "millis", 4000);
            relay.sync();
            JsonNode data = failure(relay, "pull");
            assertThat(data.at("/step").asText()).isEqualTo("token");
            assertThat(data.at("/resource").asText()).isEqualTo("oauth/token");
            assertThat(data.at("/error/type").asText()).isEqualTo("http.no-answer");
            assertThat(data.at("/evidence/exchange/url").asText()).endsWith("/oauth/token");
            assertThat(data.at("/evidence/exchange").has("status")).isFalse();
        }
    }

    private static void assertOnlyTheRelayIsReported(JsonNode data) {
        assertThat(data.at("/component").asText()).isEqualTo("relay");
        assertThat(data.at("/node").asText()).isEqualTo("license-relay");
        assertThat(data.at("/resource").asText()).isEqualTo(data.at("/step").asText());
        assertThat(data.at("/error").has("httpStatus")).isFalse();
        assertThat(data.at("/evidence/exchange")).isEmpty();
        assertThat(data.at("/evidence/probes")).isEmpty();
    }

    private static JsonNode failure(TempRelay relay, String flow) throws InterruptedException {
        return relay.events(Topic.FAILURES).stream()
                .map(event -> event.path("data"))
                .filter(data -> data.path("flow").asText().equals(flow)
                        && data.path("site").asText().equals("hq"))
                .findFirst()
                .orElseThrow();
    }
}
