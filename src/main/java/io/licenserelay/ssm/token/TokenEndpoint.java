package io.licenserelay.ssm.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.LoginPage;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.HttpTarget;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.TokenUnanswered;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.json.ApiFingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.jspecify.annotations.Nullable;

/**
 * SSM's OAuth token endpoint (RFC 6749 §4.3, §4.4; SSM On-Prem uses Doorkeeper). Secrets are sent in the form body, never in the query
 * string, because servers log it. Thread-safe.
 */
public final class TokenEndpoint {
    /** Real SSM servers use two paths. If a server does not have the first, it may have the second. */
    private static final String ROOT_PATH = "/oauth/token";

    private static final String BACKEND_PATH = "/backend/oauth/token";

    private static final Duration EXPIRY_MARGIN = Duration.ofSeconds(60);

    private final Site site;
    private final HttpTarget server;
    private final HttpSender http;
    private final Redactor redactor;
    private final Clock clock;
    private final ApiFingerprint fingerprint;
    private final TokenListener listener;
    private volatile String path;

    /**
     * @param server target that adds no token to requests
     * @param listener observes the token requests
     */
    public TokenEndpoint(
            Site site,
            HttpTarget server,
            HttpSender http,
            Redactor redactor,
            ApiFingerprint fingerprint,
            TokenListener listener,
            Clock clock) {
        this.site = site;
        this.server = server;
        this.http = http;
        this.redactor = redactor;
        this.clock = clock;
        this.fingerprint = fingerprint;
        this.listener = listener;
        this.path = site.ssm().paths().getOrDefault(Resource.TOKEN, ROOT_PATH);
    }

    /**
     * Requests a token. With the client credentials grant, the request also determines which of the two known paths the server has; a
     * password is sent only to one path.
     *
     * @throws TokenRefused when the server refuses the grant
     * @throws SsmException when the answer contains no token for another reason
     * @throws IOException when no answer was received
     */
    public AccessToken requestToken(Grant grant) throws IOException {
        TokenAnswer answer;
        JsonNode json;
        try {
            answer = grant == Grant.PASSWORD ? post(grant, path) : requestAsClient();
            json = answer.granted();
        } catch (IOException e) {
            listener.requested(site, answerOf(e));
            throw e;
        }
        listener.requested(site, TokenListener.Answer.GRANTED);
        String granted = json.get("access_token").asText();
        redactor.learn(granted.toCharArray());
        // A probe may use another grant, and its answer may have other fields.
        if (grant == site.ssm().grant()) {
            fingerprint.token(path, json);
        }
        return new AccessToken(granted, usableUntil(json.path("expires_in"), answer.grantedAfter()));
    }

    private static TokenListener.Answer answerOf(IOException failure) {
        if (failure instanceof TokenUnanswered) {
            return TokenListener.Answer.UNANSWERED;
        }
        return failure instanceof TokenRefused ? TokenListener.Answer.REFUSED : TokenListener.Answer.UNUSABLE;
    }

    private TokenAnswer requestAsClient() throws IOException {
        TokenAnswer answer = post(Grant.CLIENT_CREDENTIALS, path);
        String other = path.equals(ROOT_PATH) ? BACKEND_PATH : path.equals(BACKEND_PATH) ? ROOT_PATH : null;
        if (other == null || !answer.isPathMissing()) {
            return answer;
        }
        TokenAnswer second = post(Grant.CLIENT_CREDENTIALS, other);
        if (second.isPathMissing()) {
            return answer;
        }
        path = other;
        return second;
    }

    /** Sent once and never repeated: it may carry a password, and the caller of the API repeats its own request. */
    private TokenAnswer post(Grant grant, String tokenPath) throws IOException {
        String url = HttpCall.url(site.ssm().url(), tokenPath);
        HttpCall call = HttpCall.ofSession(site, Step.TOKEN, "POST", url, clock.instant())
                .header("Accept", "application/json")
                .body(new UrlEncodedFormEntity(form(grant), StandardCharsets.UTF_8))
                .to(server);
        HttpExchangeRecord exchanged = null;
        try (HttpAnswer answer = http.send(call)) {
            exchanged = answer.exchangedWithoutBody();
            byte[] body = answer.readNBytes(TokenAnswer.MAX_BYTES + 1);
            boolean granted = answer.status() == 200 && !LoginPage.isMarkup(body);
            return new TokenAnswer(
                    grant, answer.status(), body, granted ? answer.exchangedWithoutBody() : answer.exchanged());
        } catch (IOException noAnswer) {
            throw new TokenUnanswered(exchanged == null ? call.unanswered(clock) : exchanged, noAnswer);
        }
    }

    private List<NameValuePair> form(Grant grant) {
        List<NameValuePair> form = new ArrayList<>();
        form.add(new BasicNameValuePair("grant_type", grant.wireName()));
        form.add(new BasicNameValuePair("client_id", site.ssm().client().id()));
        form.add(new BasicNameValuePair(
                "client_secret", site.ssm().client().secret().revealText()));
        Site.User user = site.ssm().user();
        if (grant == Grant.PASSWORD && user != null) {
            form.add(new BasicNameValuePair("username", user.name()));
            form.add(new BasicNameValuePair("password", user.password().revealText()));
        }
        return form;
    }

    private @Nullable Instant usableUntil(JsonNode expiresIn, Instant grantedAfter) {
        long seconds = expiresIn.asLong(0);
        if (seconds <= 0) {
            return null;
        }
        Duration lifetime =
                Duration.ofSeconds(Math.min(seconds, Duration.ofDays(3650).toSeconds()));
        Duration tenth = lifetime.dividedBy(10);
        return grantedAfter.plus(lifetime).minus(tenth.compareTo(EXPIRY_MARGIN) < 0 ? tenth : EXPIRY_MARGIN);
    }
}
