package io.licenserelay.ssm.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.LoginPage;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.text.Json;
import io.licenserelay.text.ShortText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer of the token endpoint: a token, or the reason of its refusal. An OAuth error (RFC 6749 §5.2) determines the result; without an
 * OAuth error, the status determines it. No answer of this endpoint is about the validity of an access token.
 *
 * @param body at most {@link #MAX_BYTES} bytes plus one
 */
record TokenAnswer(Grant grant, int status, byte[] body, HttpExchangeRecord exchanged) {
    static final int MAX_BYTES = 64 * 1024;

    private static final String OTHER_ERROR = "other_error";
    private static final String UNAUTHORIZED = "unauthorized";
    private static final String FORBIDDEN = "forbidden";
    private static final int MAX_ERROR_LENGTH = 60;
    private static final Set<String> OAUTH_ERRORS = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    boolean isPathMissing() {
        return (status == 404 || status == 405) && oauthError(jsonObject()) == null;
    }

    /**
     * Returns the answer's JSON, which contains an {@code access_token}.
     *
     * @throws TokenRefused for an OAuth error, 401, 403 and any other refusal
     * @throws SsmUnavailable for 429 and 5xx
     * @throws SsmException for a missing path, and for 200 without a token
     */
    JsonNode granted() throws SsmException {
        JsonNode json = jsonObject();
        String error = oauthError(json);
        if (error != null) {
            throw refused(grant, error, error, exchanged);
        }
        if (status >= 200 && status <= 299) {
            if (json != null && json.hasNonNull("access_token")) {
                return json;
            }
            throw unusableBody().atToken();
        }
        throw failure(json);
    }

    private SsmException failure(@Nullable JsonNode json) {
        String errorText = json != null && json.path("error").isTextual()
                ? json.get("error").asText()
                : null;
        return switch (status) {
            case 401 -> withoutOAuthError(UNAUTHORIZED, errorText);
            case 403 -> withoutOAuthError(FORBIDDEN, errorText);
            case 404, 405, 407, 408, 429 ->
                HttpAnswerCheck.refusal(exchanged, null).atToken();
            default ->
                status >= 400 && status <= 499
                        ? withoutOAuthError(OTHER_ERROR, errorText)
                        : HttpAnswerCheck.refusal(exchanged, null).atToken();
        };
    }

    /** A refusal without an OAuth error. A gateway or proxy may have sent it, so the phrase does not name SSM. */
    private TokenRefused withoutOAuthError(String error, @Nullable String errorText) {
        String phrase = exchanged.method() + " " + exchanged.url() + " answered " + status + " to the "
                + grant.wireName() + " grant: "
                + (errorText == null ? "no reason given" : ShortText.of(errorText, MAX_ERROR_LENGTH));
        return tokenRefused(grant, error, exchanged, phrase);
    }

    private SsmException unusableBody() {
        String url = exchanged.url();
        if (body.length > MAX_BYTES) {
            return BadAnswer.tooLarge("the answer of " + url + " is larger than " + MAX_BYTES + " bytes");
        }
        if (LoginPage.isMarkup(body)) {
            return BadAnswer.html("" + url + " answered with a web page instead of a token", exchanged);
        }
        try {
            Json.MAPPER.readTree(body);
        } catch (JsonEOFException truncated) {
            return BadAnswer.cut("the answer of " + url + " ends within its JSON", exchanged);
        } catch (IOException notJson) {
            return BadAnswer.malformed("the answer of " + url + " is not JSON", exchanged);
        }
        return body.length == 0
                ? BadAnswer.malformed("the answer of " + url + " is empty", exchanged)
                : BadAnswer.shape("access_token", "is missing in the answer of " + url, exchanged);
    }

    /** An OAuth error code, or null for any other body. */
    private static @Nullable String oauthError(@Nullable JsonNode json) {
        String error = json == null ? "" : json.path("error").asText();
        return OAUTH_ERRORS.contains(error) ? error : null;
    }

    private @Nullable JsonNode jsonObject() {
        if (body.length > MAX_BYTES) {
            return null;
        }
        try {
            JsonNode json = Json.MAPPER.readTree(body);
            return json != null && json.isObject() ? json : null;
        } catch (JsonProcessingException notJson) {
            return null;
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory", impossible);
        }
    }

    /**
     * Creates the exception for every refused grant, including refusals that were stored in an earlier run.
     *
     * @param error an OAuth error, or {@code unauthorized}, {@code forbidden}, {@code other_error} if there is none
     */
    static TokenRefused refused(Grant grant, String error, String errorText, HttpExchangeRecord exchanged) {
        String phrase = "SSM refused the " + grant.wireName() + " grant: " + ShortText.of(errorText, MAX_ERROR_LENGTH)
                + " (" + exchanged.status() + ")";
        return tokenRefused(grant, error, exchanged, phrase);
    }

    private static TokenRefused tokenRefused(Grant grant, String error, HttpExchangeRecord exchanged, String phrase) {
        return new TokenRefused(
                grant,
                "oauth." + error,
                phrase,
                List.of(new Finding(Findings.refused(grant.wireName(), error), phrase)),
                exchanged);
    }

    /** Whether the answer is a login page. */
    static boolean isLoginPage(@Nullable HttpExchangeRecord exchanged) {
        return exchanged != null && LoginPage.isIn(exchanged.body());
    }

    /** The start of the token's lifetime: the server cannot have granted the token earlier. */
    Instant grantedAfter() {
        return exchanged.at();
    }
}
