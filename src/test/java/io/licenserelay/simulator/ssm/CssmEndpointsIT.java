package io.licenserelay.simulator.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Resource;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.estate.EstateVa;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set by start()
class CssmEndpointsIT {
    private static final String REPORT = path(Resource.REPORT_USAGE);
    private static final String POLL = path(Resource.POLL);
    private static final String PAYLOAD = "{\"b\" : 1,\"a\":\"\\u00fc ü\", \"n\":1.0}";

    private SsmSimulator ssm;
    private Https https;
    private String token;

    private void start(boolean guess) throws Exception {
        ssm = SsmSimulator.builder()
                .estate(Estate.of().account("acme.local").va("Default").estate())
                .client("id", "secret", Grant.CLIENT_CREDENTIALS)
                .guess(guess)
                .start();
        https = new Https(ssm);
        HttpResponse<String> answer = https.form(
                path(Resource.TOKEN), "grant_type", "client_credentials", "client_id", "id", "client_secret", "secret");
        token = Https.JSON.readTree(answer.body()).path("access_token").asText();
    }

    @AfterEach
    void stop() throws IOException {
        ssm.close();
    }

    @Test
    void theAccountSearchAnswersIdsAsText() throws Exception {
        start(false);
        JsonNode answer = Https.JSON.readTree(https.get(path(Resource.ACCOUNTS), "Authorization", "Bearer " + token)
                .body());
        assertThat(answer.at("/accounts/0/name").asText()).isEqualTo("acme.local");
        assertThat(answer.at("/accounts/0/account_id").isTextual()).isTrue();
        assertThat(answer.at("/accounts/0/virtual_accounts/0/default").asBoolean())
                .isTrue();
    }

    @Test
    void pollsAreAnsweredNotReadyUntilTheReportIsAcknowledged() throws Exception {
        start(false);
        HttpResponse<String> accepted = post(REPORT, report(PAYLOAD));
        assertThat(accepted.statusCode()).isEqualTo(202);
        JsonNode receipt = Https.JSON.readTree(accepted.body());
        assertThat(receipt.path("status").asText()).isEqualTo("OK_POLL");
        assertThat(receipt.path("poll_interval").asInt()).isEqualTo(300);
        long pollId = receipt.path("poll_id").asLong();
        assertThat((long) (double) pollId).as("as a double").isNotEqualTo(pollId);

        assertThat(poll(pollId).path("status").asText()).isEqualTo("OK_POLL");
        JsonNode complete = poll(pollId);
        assertThat(complete.path("status").asText()).isEqualTo("COMPLETE");
        JsonNode ack = complete.at("/data/acknowledgements/0");
        assertThat(ack.at("/sudi/udi_serial_number").asText()).isEqualTo("9ABC");
        assertThat(new String(
                        Base64.getDecoder().decode(ack.path("smart_license").asText()), StandardCharsets.UTF_8))
                .startsWith("<smartLicense><smartLicenseRumAck><data>");
    }

    @Test
    void payloadsAreStoredExactlyAsReceived() throws Exception {
        start(false);
        post(REPORT, report(PAYLOAD));
        assertThat(ssm.reports().received()).singleElement().satisfies(received -> {
            assertThat(received.payload()).isEqualTo(PAYLOAD);
            assertThat(received.signature()).isEqualTo("c2ln");
            assertThat(received.va()).isEqualTo("Default");
        });
    }

    @Test
    void theSecondSubmissionOfAReportFailsAndTheReportIsStoredOnce() throws Exception {
        start(false);
        post(REPORT, report(PAYLOAD));
        assertThat(status(post(REPORT, report(PAYLOAD)))).isEqualTo("FAILED");
        assertThat(ssm.reports().received()).hasSize(1);
    }

    @Test
    void aPollIdThatIsRoundedToADoubleIsUnknown() throws Exception {
        start(false);
        long pollId = Https.JSON
                .readTree(post(REPORT, report(PAYLOAD)).body())
                .path("poll_id")
                .asLong();
        JsonNode answer = poll((long) (double) pollId);
        assertThat(answer.path("status").asText()).isEqualTo("OK_POLL");
        assertThat(answer.path("message").asText()).isNotEmpty();
    }

    @Test
    void aReportWithoutItsHeadersOrUsageIsRejected() throws Exception {
        start(false);
        HttpResponse<String> withoutHeaders = https.readRaw(REPORT, report(PAYLOAD), token);
        assertThat(withoutHeaders.statusCode()).isEqualTo(400);
        assertThat(withoutHeaders.body()).contains("X-CSW-SMART-ACCOUNT-ID");
        assertThat(post(REPORT, "{\"data\":{}}").statusCode()).isEqualTo(400);
        assertThat(post(REPORT, "{").statusCode()).isEqualTo(400);
    }

    @Test
    void faultsRejectReportsAndWithholdAcknowledgements() throws Exception {
        start(false);
        ssm.faults().set("report-rejected", "times", 1);
        assertThat(status(post(REPORT, report(PAYLOAD)))).isEqualTo("FAILED");
        assertThat(ssm.reports().received()).isEmpty();

        ssm.reports().pollsUntilAck(0);
        ssm.faults().set("ack-withheld", "times", 1);
        long pollId = Https.JSON
                .readTree(post(REPORT, report(PAYLOAD)).body())
                .path("poll_id")
                .asLong();
        assertThat(poll(pollId).path("status").asText()).isEqualTo("OK_POLL");
        assertThat(poll(pollId).path("status").asText()).isEqualTo("COMPLETE");
    }

    @Test
    void theInventoryIsAlsoServedUnderThePathsOfCssm() throws Exception {
        start(false);
        EstateVa va = ssm.estate().account("acme.local").va("Default");
        va.license("DNA", 1, 1, "In Compliance").device("C8000V", "9ABC");
        String account = "/services/api/smart-accounts-and-licensing/v1/accounts/acme.local";
        assertThat(https.read(account + "/licenses", "{}", token).path("licenses"))
                .hasSize(1);
        assertThat(https.read(account + "/devices", "{}", token).path("devices"))
                .hasSize(1);
        HttpResponse<String> vas =
                https.get(account + "/customer/virtual-accounts", "Authorization", "Bearer " + token);
        assertThat(Https.JSON.readTree(vas.body()).path("virtualAccounts")).hasSize(1);
        assertThat(https.readRaw("/api/v1/accounts/acme.local/devices", "{}", token)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void unconfirmedPathsAreServedOnlyWithTheGuessOptionAndMarkTheirAnswers() throws Exception {
        start(false);
        assertThat(post("/api/v2/devices/reportusage", report(PAYLOAD)).statusCode())
                .isEqualTo(404);
        ssm.close();
        start(true);
        HttpResponse<String> guessed = post("/backend/api/v2/devices/reportusage", report(PAYLOAD));
        assertThat(guessed.statusCode()).isEqualTo(202);
        assertThat(guessed.headers().firstValue("X-License-Relay-Guess")).hasValue("unconfirmed");
        assertThat(post(REPORT, report("other")).headers().firstValue("X-License-Relay-Guess"))
                .isEmpty();
    }

    private JsonNode poll(long pollId) throws Exception {
        String body = "{\"data\":{\"nonce\":\"n\",\"poll_id\":" + pollId + ",\"action\":\"acknowledgements\"}}";
        return Https.JSON.readTree(post(POLL, body).body());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        EstateAccount account = ssm.estate().account("acme.local");
        return https.post(
                path,
                body,
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "application/json",
                "X-CSW-SMART-ACCOUNT-ID",
                Long.toString(account.id()),
                "X-CSW-VIRTUAL-ACCOUNT-ID",
                Long.toString(account.va("Default").id()),
                "X-CSW-REQUESTING-SYSTEM",
                "{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"9ABC\"}");
    }

    private static String report(String payload) throws IOException {
        Map<String, String> sudi = Map.of("udi_pid", "C8000V", "udi_serial_number", "9ABC");
        Map<String, Object> usage = Map.of("payload", payload, "signature", Map.of("value", "c2ln"));
        Map<String, Object> report = Map.of("sudi", sudi, "usage", List.of(usage));
        return Https.JSON.writeValueAsString(
                Map.of("data", Map.of("timestamp", 1644340472292L, "nonce", "n", "reports", List.of(report))));
    }

    private static String status(HttpResponse<String> answer) throws IOException {
        return Https.JSON.readTree(answer.body()).path("status").asText();
    }

    private static String path(Resource resource) {
        String path = Api.CSSM.paths().get(resource);
        if (path == null) {
            throw new IllegalArgumentException("no path for " + resource);
        }
        return path;
    }
}
