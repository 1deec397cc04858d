package io.licenserelay.ssm.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.LoginPage;
import io.licenserelay.http.SafeHeaders;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.TokenUnanswered;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.json.ApiFingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.jspecify.annotations.Nullable;

/**
 * SSM's OAuth token endpoint (RFC 6749 §4.3, §4.4; on SSM On-Prem it is Doorkeeper). Secrets go into the form body, never
 * into the query string, which servers log. Thread-safe.
 */
public final class TokenEndpoint {
    /** Two prefixes were seen in the field; an SSM that does not know the one may know the other. */
    private static final String ROOT = "/oauth/token";

    private static final String BACKEND = "/backend/oauth/token";

    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final Site site;
    private final HttpClient http;
    private final Redactor redactor;
    private final Clock clock;
    private final ApiFingerprint fingerprint;
    private volatile String path;

    public TokenEndpoint(Site site, HttpClient http, Redactor redactor, ApiFingerprint fingerprint, Clock clock) {
        this.site = site;
        this.http = http;
        this.redactor = redactor;
        this.clock = clock;
        this.fingerprint = fingerprint;
        this.path = site.ssm().paths().getOrDefault(Resource.TOKEN, ROOT);
    }

    /**
     * Asks for a token. Under the client credentials grant this also finds out which of the two known paths the server has; a
     * password is only ever sent to one.
     *
     * @throws TokenRefused when the server refuses the grant
     * @throws SsmException when its answer holds no token for another reason
     * @throws IOException when no answer came
     */
    public AccessToken requestToken(Grant grant) throws IOException {
        TokenAnswer answer = grant == Grant.PASSWORD ? post(grant, path) : requestAsClient();
        JsonNode json = answer.granted();
        String granted = json.get("access_token").asText();
        redactor.learn(granted.toCharArray());
        // A probe's grant may be answered in another way.
        if (grant == site.ssm().grant()) {
            fingerprint.token(path, json);
        }
        return new AccessToken(granted, usableUntil(json.path("expires_in"), answer.grantedAfter()));
    }

    private TokenAnswer requestAsClient() throws IOException {
        TokenAnswer answer = post(Grant.CLIENT_CREDENTIALS, path);
        String other = path.equals(ROOT) ? BACKEND : path.equals(BACKEND) ? ROOT : null;
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

    private TokenAnswer post(Grant grant, String at) throws IOException {
        String url = trimmed(site.ssm().url().toString()) + at;
        HttpPost request = new HttpPost(url);
        request.setHeader("Accept", "application/json");
        request.setEntity(new UrlEncodedFormEntity(form(grant), StandardCharsets.UTF_8));
        Instant started = clock.instant();
        try {
            return http.execute(request, response -> answer(grant, url, started, response));
        } catch (TokenUnanswered brokenOff) {
            throw brokenOff;
        } catch (IOException noAnswer) {
            throw new TokenUnanswered(exchanged(url, started, null, Map.of(), null), noAnswer);
        }
    }

    private TokenAnswer answer(Grant grant, String url, Instant started, ClassicHttpResponse response)
            throws TokenUnanswered {
        int status = response.getCode();
        Map<String, String> headers = SafeHeaders.of(response);
        try {
            byte[] body = body(response);
            String shown =
                    status == 200 && !LoginPage.isMarkup(body) ? null : HttpExchangeRecord.start(body, body.length);
            return new TokenAnswer(grant, status, body, exchanged(url, started, status, headers, shown));
        } catch (IOException brokenOff) {
            throw new TokenUnanswered(exchanged(url, started, status, headers, null), brokenOff);
        }
    }

    private HttpExchangeRecord exchanged(
            String url, Instant started, @Nullable Integer status, Map<String, String> headers, @Nullable String body) {
        return new HttpExchangeRecord(
                "POST", url, status, headers, body, started, Duration.between(started, clock.instant()));
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
        return grantedAfter.plus(lifetime).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
    }

    private static byte[] body(ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            return new byte[0];
        }
        try (InputStream content = response.getEntity().getContent()) {
            return content.readNBytes(TokenAnswer.LARGEST + 1);
        }
    }

    private static String trimmed(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
