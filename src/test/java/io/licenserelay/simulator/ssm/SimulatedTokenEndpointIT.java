package io.licenserelay.simulator.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.tls.CertificateAuthority;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init") // set by JUnit or by start()
class SimulatedTokenEndpointIT {
    private static final String SPECIAL_CHARACTERS = "a+b/c=d&e%20f{{x}} ü?#\"\\'";

    private final CertificateAuthority authority = CertificateAuthority.create("Test CA");
    private SsmSimulator ssm;
    private Https https;

    private void start(SsmSimulatorBuilder builder) throws IOException {
        ssm = builder.authority(authority)
                .client("cc", SPECIAL_CHARACTERS, Grant.CLIENT_CREDENTIALS)
                .client(ApiClient.of("pw", SPECIAL_CHARACTERS, Grant.PASSWORD).ownedBy("relay"))
                .user("relay", SPECIAL_CHARACTERS)
                .user("other", "secret")
                .start();
        https = new Https(ssm);
    }

    @AfterEach
    void stop() throws IOException {
        ssm.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/token", "/backend/oauth/token"})
    void aFormAcceptsSecretsWithSpecialCharacters(String path) throws Exception {
        start(SsmSimulator.builder());
        HttpResponse<String> answer = password(path, "pw", SPECIAL_CHARACTERS, "relay", SPECIAL_CHARACTERS);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store, no-cache");
        JsonNode token = Https.JSON.readTree(answer.body());
        assertThat(token.path("access_token").asText()).hasSizeGreaterThan(40);
        assertThat(token.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(token.path("expires_in").asInt()).isEqualTo(7200);
    }

    @Test
    void jsonAndBasicAuthenticationAcceptSecretsWithSpecialCharacters() throws Exception {
        start(SsmSimulator.builder());
        String json = Https.JSON.writeValueAsString(
                Map.of("grant_type", "client_credentials", "client_id", "cc", "client_secret", SPECIAL_CHARACTERS));
        assertThat(https.post("/oauth/token", json, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(200);

        String basic =
                Base64.getEncoder().encodeToString(("cc:" + SPECIAL_CHARACTERS).getBytes(StandardCharsets.UTF_8));
        assertThat(https.post(
                                "/oauth/token",
                                "grant_type=client_credentials",
                                "Content-Type",
                                "application/x-www-form-urlencoded",
                                "Authorization",
                                "Basic " + basic)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void parametersInTheQueryAreIgnored() throws Exception {
        start(SsmSimulator.builder());
        HttpResponse<String> answer =
                https.post("/oauth/token?grant_type=client_credentials&client_id=cc&client_secret=x", "");
        assertError(answer, 400, "invalid_request");
    }

    @Test
    void aWrongSecretHidesAWrongPasswordAndCountsNoPasswordAttempt() throws Exception {
        start(SsmSimulator.builder());
        assertError(password("/oauth/token", "pw", "wrong", "relay", "wrong"), 401, "invalid_client");
        assertThat(ssm.requests().passwordAttempts()).isZero();

        assertError(password("/oauth/token", "pw", SPECIAL_CHARACTERS, "relay", "wrong"), 400, "invalid_grant");
        assertThat(ssm.requests().passwordAttempts()).isEqualTo(1);
        assertThat(ssm.requests().wrongPasswords()).isEqualTo(1);
        assertThat(ssm.requests().tokenRequests(Grant.PASSWORD)).isEqualTo(2);
    }

    @Test
    void onlyTheOwnerCanUseTheClient() throws Exception {
        start(SsmSimulator.builder());
        assertError(password("/oauth/token", "pw", SPECIAL_CHARACTERS, "other", "secret"), 400, "invalid_grant");
    }

    @ParameterizedTest
    @CsvSource({
        "UNAUTHORIZED_CLIENT_400, 400, unauthorized_client",
        "UNAUTHORIZED_CLIENT_401, 401, unauthorized_client",
        "INVALID_GRANT_400, 400, invalid_grant",
        "INVALID_CLIENT_401, 401, invalid_client"
    })
    void aClientWithTheWrongGrantIsRejectedWithTheConfiguredError(WrongGrant dialect, int status, String error)
            throws Exception {
        start(SsmSimulator.builder().wrongGrant(dialect));
        assertError(password("/oauth/token", "cc", SPECIAL_CHARACTERS, "relay", SPECIAL_CHARACTERS), status, error);
        assertThat(ssm.requests().passwordAttempts()).isZero();
    }

    @Test
    void unknownGrantsAndScopesAreRejected() throws Exception {
        start(SsmSimulator.builder());
        assertError(https.form("/oauth/token", "grant_type", "implicit"), 400, "unsupported_grant_type");
        assertError(
                https.form(
                        "/oauth/token",
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "cc",
                        "client_secret",
                        SPECIAL_CHARACTERS,
                        "scope",
                        "all"),
                400,
                "invalid_scope");
    }

    @Test
    void anExpiredOrRevokedTokenIsRejected() throws Exception {
        SteppingClock clock = new SteppingClock();
        start(SsmSimulator.builder()
                .clock(clock)
                .tokenLifetime(Duration.ofMinutes(5))
                .withoutExpiresIn());
        String accounts = "/api/v1/upstream_satellites/accounts";
        String token = https.token("cc", SPECIAL_CHARACTERS);
        assertThat(https.readRaw(accounts, "", token).statusCode()).isEqualTo(200);

        clock.step(Duration.ofMinutes(5));
        HttpResponse<String> expired = https.readRaw(accounts, "", token);
        assertError(expired, 401, "invalid_token");
        assertThat(expired.body()).contains("expired");

        String fresh = https.token("cc", SPECIAL_CHARACTERS);
        ssm.revokeTokens();
        assertError(https.readRaw(accounts, "", fresh), 401, "invalid_token");
    }

    @Test
    void aRegeneratedSecretReplacesTheOldOne() throws Exception {
        start(SsmSimulator.builder());
        ssm.client(ApiClient.of("cc", "new", Grant.CLIENT_CREDENTIALS));
        assertThat(https.token("cc", "new")).isNotEmpty();
        assertThat(https.token("cc", SPECIAL_CHARACTERS)).isEmpty();
    }

    private HttpResponse<String> password(String path, String id, String secret, String user, String password)
            throws Exception {
        return https.form(
                path,
                "grant_type",
                "password",
                "client_id",
                id,
                "client_secret",
                secret,
                "username",
                user,
                "password",
                password);
    }

    private static void assertError(HttpResponse<String> answer, int status, String error) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Https.JSON.readTree(answer.body()).path("error").asText()).isEqualTo(error);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(value -> assertThat(value).contains("error=\"" + error + "\""));
    }

    /** A clock that moves only when {@link #step} is called. */
    private static final class SteppingClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-13T11:59:00Z");

        void step(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
