package io.licenserelay.ssm.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.http.failure.SsmException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of the token endpoint means: every status with an OAuth error, other JSON, HTML, nothing, and a truncated body. */
class TokenAnswerTest {
    private static final String OAUTH = "{\"error\":\"invalid_client\",\"error_description\":\"no\"}";
    private static final String OTHER = "{\"status\":0,\"error\":\"Some words of a framework\"}";
    private static final String HTML = "<html><body>nginx</body></html>";
    private static final String CUT = "{\"access_token\":\"abcdef";

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 405, 429, 500, 502, 503})
    void anOauthErrorDeterminesTheFailureForEveryStatus(int status) {
        SsmException refused = failure(status, OAUTH);
        assertThat(refused).isInstanceOf(TokenRefused.class);
        assertThat(names(refused)).containsExactly("oauth.password.invalid-client");
        assertThat(refused.errorType()).isEqualTo("oauth.invalid_client");
    }

    @ParameterizedTest
    @CsvSource({
        "400, oauth.other_error, oauth.password.other-error",
        "401, oauth.unauthorized, oauth.password.unauthorized",
        "403, oauth.forbidden, oauth.password.forbidden",
        "404, http.404, http.not-found",
        "405, http.405, http.not-found",
        "407, http.407, proxy.refused",
        "422, oauth.other_error, oauth.password.other-error",
        "429, http.429, http.rate-limited",
        "500, http.500, http.server-error",
        "502, http.502, http.unavailable",
        "503, http.503, http.unavailable",
        "504, http.504, http.unavailable"
    })
    void withoutAnOauthErrorTheStatusDeterminesTheFailure(int status, String errorType, String finding) {
        for (String body : List.of(OTHER, HTML, "", CUT)) {
            SsmException failure = failure(status, body);
            assertThat(failure.errorType()).as(body).isEqualTo(errorType);
            assertThat(names(failure)).as(body).containsExactly(finding);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                OTHER + " | answer.shape",
                "{} | answer.shape",
                "[] | answer.shape",
                HTML + " | answer.html",
                "'' | answer.malformed",
                "ok | answer.malformed",
                CUT + " | answer.cut"
            })
    void theBodyOfA200WithoutATokenDeterminesTheFinding(String body, String finding) {
        assertThat(names(failure(200, body))).containsExactly(finding);
    }

    @Test
    void anAnswerThatIsTooLargeOrNestedTooDeepIsNotAToken() {
        assertThat(names(failure(200, "{\"access_token\":\"" + "a".repeat(TokenAnswer.MAX_BYTES) + "\"}")))
                .containsExactly("answer.too-large");
        assertThat(names(failure(200, "[".repeat(20_000)))).containsExactly("answer.malformed");
    }

    @ParameterizedTest
    @CsvSource({"200, " + HTML, "401, ''", "403, ''", "404, ''", "503, ''", "400, " + OAUTH_CSV})
    void everyFailureAtTheTokenEndpointHasTheTokenStep(int status, String body) {
        assertThat(new FailureClassifier(Clock.systemUTC())
                        .failure(Place.site("hq"), Flow.PULL, Step.ACCOUNTS, failure(status, body))
                        .step())
                .isEqualTo(Step.TOKEN);
    }

    private static final String OAUTH_CSV = "'{\"error\":\"invalid_client\"}'";

    @Test
    void theMessageOfARefusalContainsTheServersMessage() {
        assertThat(failure(401, "{\"error\":\"Your account is locked.\"}"))
                .hasMessage(
                        "POST https://ssm.example.net/oauth/token answered 401 to the password grant: Your account is locked.");
    }

    @ParameterizedTest
    @CsvSource({"404, true", "405, true", "401, false", "200, false", "503, false"})
    void onlyA404Or405WithoutOauthErrorMeansAMissingPath(int status, boolean missing) {
        assertThat(answer(status, HTML).isPathMissing()).isEqualTo(missing);
        assertThat(answer(status, OAUTH).isPathMissing()).isFalse();
    }

    private static List<String> names(SsmException failure) {
        return failure.findings().stream().map(Finding::name).toList();
    }

    private static SsmException failure(int status, String body) {
        SsmException failure = catchThrowableOfType(SsmException.class, () -> answer(status, body == null ? "" : body)
                .granted());
        assertThat(failure.isAtToken()).isTrue();
        return failure;
    }

    private static TokenAnswer answer(int status, String body) {
        HttpExchangeRecord exchanged = new HttpExchangeRecord(
                "POST",
                "https://ssm.example.net/oauth/token",
                status,
                Map.of(),
                body,
                Instant.parse("2026-01-13T12:00:00Z"),
                Duration.ofMillis(5));
        return new TokenAnswer(Grant.PASSWORD, status, body.getBytes(StandardCharsets.UTF_8), exchanged);
    }
}
