package io.licenserelay.simulator.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.http.RecordedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set by JUnit or by start()
class LicenseEndpointsIT {
    private SsmSimulator ssm;
    private Https https;
    private String token;

    private void start(Estate estate, int maxPage) throws Exception {
        ssm = SsmSimulator.builder()
                .estate(estate)
                .maxPage(maxPage)
                .client("id", "secret", Grant.CLIENT_CREDENTIALS)
                .start();
        https = new Https(ssm);
        token = https.token("id", "secret");
    }

    @AfterEach
    void stop() throws IOException {
        ssm.close();
    }

    @Test
    void accountsWithBlanksSlashesAndUmlautsAreFoundByTheirEncodedPath() throws Exception {
        start(
                Estate.of()
                        .account("Müller & Söhne")
                        .va("Lab/Test 1")
                        .license("Übergang", 10, 4, "In Compliance")
                        .device("C8000V", "9ABC")
                        .estate(),
                0);
        JsonNode vas = Https.JSON.readTree(
                https.get("/backend/api/v1/accounts/M%C3%BCller%20%26%20S%C3%B6hne/virtual-accounts", bearer())
                        .body());
        assertThat(vas.at("/virtualAccounts/0/name").asText()).isEqualTo("Lab/Test 1");

        JsonNode devices = Https.JSON.readTree(https.get(
                        "/api/v1/accounts/M%C3%BCller%20%26%20S%C3%B6hne/virtual-accounts/Lab%2FTest%201/devices",
                        bearer())
                .body());
        assertThat(devices.at("/devices/0/sudi/udiSerialNumber").asText()).isEqualTo("9ABC");

        JsonNode license = licenses("M%C3%BCller%20%26%20S%C3%B6hne", "{\"virtualAccounts\":[\"Lab/Test 1\"]}")
                .at("/licenses/0");
        assertThat(license.path("license").asText()).isEqualTo("Übergang");
        assertThat(license.path("available").asInt()).isEqualTo(6);
        assertThat(license.at("/licenseDetails/0/licenseType").asText()).isEqualTo("Perpetual");
    }

    @Test
    void aServerWithoutPagingSendsAllRowsAndIgnoresTheLimit() throws Exception {
        start(Estate.generate(1, 2, 30, 7), 0);
        JsonNode all = licenses("ACME", "{\"limit\":5,\"offset\":3}");
        assertThat(all.path("totalRecords").asInt()).isEqualTo(60);
        assertThat(all.path("licenses")).hasSize(60);
    }

    @Test
    void aServerWithPagingLimitsPagesAndServesAllRows() throws Exception {
        start(Estate.generate(1, 2, 30, 7), 25);
        JsonNode first = licenses("ACME", "{\"limit\":-1}");
        JsonNode last = licenses("ACME", "{\"limit\":100,\"offset\":50}");
        assertThat(first.path("licenses")).hasSize(25);
        assertThat(last.path("licenses")).hasSize(10);
        assertThat(last.path("totalRecords").asInt()).isEqualTo(60);
        assertThat(licenses("ACME", "{\"limit\":3,\"offset\":29}")
                        .at("/licenses/1/virtualAccount")
                        .asText())
                .isEqualTo(ssm.estate().account("ACME").vas().get(1).name());
    }

    @Test
    void theServerAnswersSubscriptionsAlertsAndAccounts() throws Exception {
        start(Estate.generate(2, 1, 30, 7), 0);
        ssm.estate().account("ACME").alert("Synchronization Overdue", "major", "ACME", "sync now");
        assertThat(https.read("/api/v1/accounts/ACME/license-subscriptions", "{}", token)
                        .path("licenseSubscriptions"))
                .hasSize(2);
        assertThat(https.read("/api/v1/accounts/ACME/alerts", "{\"limit\":-1}", token)
                        .at("/alerts/0/severity")
                        .asText())
                .isEqualTo("major");
        JsonNode accounts = https.read("/api/v1/upstream_satellites/accounts", "", token);
        assertThat(accounts.path("accounts")).hasSize(2);
        assertThat(accounts.at("/accounts/0/cssm_virtual_account_name").asText())
                .isEqualTo("Default");
    }

    @Test
    void hiddenAccountsAreForbiddenAndUnknownPathsAreNotFound() throws Exception {
        start(Estate.generate(2, 1, 1, 7), 0);
        ssm.client(ApiClient.of("less", "secret", Grant.CLIENT_CREDENTIALS).withoutAccounts("ACME"));
        String restricted = https.token("less", "secret");
        assertThat(status("/api/v1/accounts/ACME/licenses", restricted)).isEqualTo(403);
        assertThat(https.read("/api/v1/upstream_satellites/accounts", "", restricted)
                        .path("accounts"))
                .hasSize(1);
        assertThat(status("/api/v1/accounts/Nobody/licenses", token)).isEqualTo(404);
        assertThat(status("/api/v1/accounts/ACME/product-instances", token)).isEqualTo(404);
        assertThat(status("/login", token)).isEqualTo(404);
        assertThat(https.readRaw("/api/v1/accounts/ACME/licenses", "{", token).statusCode())
                .isEqualTo(400);
    }

    @Test
    void allRowsOfAHugeVirtualAccountAreStreamed() throws Exception {
        start(Estate.generate(1, 1, 50_000, 7), 0);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(ssm.authority().trusting())
                .build();
        HttpRequest request = https.request("/api/v1/accounts/ACME/licenses", bearer())
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .timeout(java.time.Duration.ofMinutes(2))
                .build();
        long objects = 0;
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (JsonParser json = Https.JSON.getFactory().createParser(answer.body())) {
            for (JsonToken next = json.nextToken(); next != null; next = json.nextToken()) {
                if (next == JsonToken.FIELD_NAME && json.currentName().equals("license")) {
                    objects++;
                }
            }
        }
        assertThat(objects).isEqualTo(50_000);
    }

    @Test
    void everyRequestIsRecordedAndItsTextOmitsSecrets() throws Exception {
        start(Estate.generate(1, 1, 1, 7), 0);
        https.read("/api/v1/accounts/ACME/licenses", "{\"limit\":-1}", token);
        List<RecordedRequest> recorded = ssm.requests().newest();
        assertThat(recorded)
                .extracting(RecordedRequest::path)
                .containsExactly("/oauth/token", "/api/v1/accounts/ACME/licenses");
        assertThat(recorded.get(1).body()).isEqualTo("{\"limit\":-1}");
        assertThat(recorded.get(1).headers().get("authorization")).containsExactly("Bearer " + token);
        assertThat(recorded.get(0).toString()).doesNotContain("secret");
        assertThat(ssm.requests().count("/oauth/token")).isEqualTo(1);
    }

    private JsonNode licenses(String account, String body) throws Exception {
        return https.read("/api/v1/accounts/" + account + "/licenses", body, token);
    }

    private int status(String path, String bearer) throws Exception {
        return https.readRaw(path, "{}", bearer).statusCode();
    }

    private String[] bearer() {
        return new String[] {"Authorization", "Bearer " + token};
    }

    @Test
    void theErrorNamesThePortInUse() throws Exception {
        start(Estate.of(), 0);
        assertThatThrownBy(() -> SsmSimulator.builder().port(ssm.port()).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + ssm.port());
    }
}
