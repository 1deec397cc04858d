package io.licenserelay.ssm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Grant;
import io.licenserelay.site.Resource;
import io.licenserelay.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
final class TokenEndpoint {
    /** Two prefixes were seen in the field; an SSM that does not know the one may know the other. */
    private static final String ROOT = "/oauth/token";

    private static final String BACKEND = "/backend/oauth/token";

    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final Duration MARGIN = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Site site;
    private final HttpClient http;
    private final Redactor redactor;
    private final Clock clock;
    private final Seen seen;
    private volatile String path;

    TokenEndpoint(Site site, HttpClient http, Redactor redactor, Seen seen, Clock clock) {
        this.site = site;
        this.http = http;
        this.redactor = redactor;
        this.clock = clock;
        this.seen = seen;
        this.path = site.ssm().paths().getOrDefault(Resource.TOKEN, ROOT);
    }

    /**
     * Asks for a token.
     *
     * @throws TokenRefused when the server says no
     * @throws SsmException when its answer is no use otherwise
     * @throws IOException when no answer came
     */
    Token ask(Grant grant) throws IOException {
        Answered answered = post(grant, path);
        String other = path.equals(ROOT) ? BACKEND : path.equals(BACKEND) ? ROOT : null;
        if (other != null && absent(answered)) {
            Answered second = post(grant, other);
            if (!absent(second)) {
                path = other;
                return token(grant, second);
            }
        }
        return token(grant, answered);
    }

    private static boolean absent(Answered answered) {
        return answered.status == 404 || answered.status == 405;
    }

    private Answered post(Grant grant, String at) throws IOException {
        String url = trimmed(site.ssm().url().toString()) + at;
        HttpPost request = new HttpPost(url);
        request.setHeader("Accept", "application/json");
        request.setEntity(new UrlEncodedFormEntity(form(grant), StandardCharsets.UTF_8));
        Instant started = clock.instant();
        return http.execute(request, response -> {
            byte[] body = body(response);
            SafeHeaders headers = new SafeHeaders();
            for (var header : response.getHeaders()) {
                headers.add(header.getName(), String.valueOf(header.getValue()));
            }
            Exchanged exchanged = new Exchanged(
                    "POST",
                    url,
                    response.getCode(),
                    headers.kept(),
                    response.getCode() == 200 ? null : start(body),
                    started,
                    Duration.between(started, clock.instant()));
            return new Answered(response.getCode(), body, exchanged);
        });
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

    private Token token(Grant grant, Answered answered) throws SsmException {
        JsonNode json = json(answered);
        if (answered.status == 200 && json != null && json.hasNonNull("access_token")) {
            String granted = json.get("access_token").asText();
            redactor.learn(granted.toCharArray());
            // A probe's grant may be answered in another way.
            if (grant == site.ssm().grant()) {
                seen.token(path, json);
            }
            return new Token(granted, usableUntil(json.path("expires_in")));
        }
        throw refusal(grant, answered, json);
    }

    private SsmException refusal(Grant grant, Answered answered, @Nullable JsonNode json) {
        String url = answered.exchanged.url();
        if (json != null && json.hasNonNull("error")) {
            return refused(grant, json.get("error").asText(), answered.exchanged);
        }
        if (looksLikeHtml(answered.body) && answered.status < 400) {
            return BadAnswer.html("a web page came from " + url + " instead of a token", answered.exchanged);
        }
        return SsmAnswers.refusal(answered.exchanged, null);
    }

    /** The one place where a refused grant becomes words; also for refusals remembered from an earlier run. */
    static TokenRefused refused(Grant grant, String error, Exchanged exchanged) {
        String said = error.length() > 60 ? error.substring(0, 60) : error;
        String phrase = "SSM refused the " + grant.wireName() + " grant: " + said + " (" + exchanged.status() + ")";
        return new TokenRefused(
                grant,
                "oauth." + said.toLowerCase(Locale.ROOT),
                phrase,
                List.of(new Finding(Findings.refused(grant.wireName(), said), phrase)),
                exchanged);
    }

    private @Nullable Instant usableUntil(JsonNode expiresIn) {
        long seconds = expiresIn.asLong(0);
        if (seconds <= 0) {
            return null;
        }
        Duration lifetime =
                Duration.ofSeconds(Math.min(seconds, Duration.ofDays(3650).toSeconds()));
        Duration tenth = lifetime.dividedBy(10);
        return clock.instant().plus(lifetime).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
    }

    private static @Nullable JsonNode json(Answered answered) {
        try {
            JsonNode json = JSON.readTree(answered.body);
            return json != null && json.isObject() ? json : null;
        } catch (JsonProcessingException notJson) {
            return null;
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory", impossible);
        }
    }

    private static byte[] body(ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            return new byte[0];
        }
        try (InputStream content = response.getEntity().getContent()) {
            return content.readNBytes(LARGEST_ANSWER);
        }
    }

    static boolean looksLikeHtml(byte[] body) {
        return start(body).stripLeading().startsWith("<");
    }

    private static String start(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 4 * Exchanged.BODY_CHARS), StandardCharsets.UTF_8);
        return text.substring(0, Math.min(text.length(), Exchanged.BODY_CHARS));
    }

    private static String trimmed(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private record Answered(int status, byte[] body, Exchanged exchanged) {}
}
