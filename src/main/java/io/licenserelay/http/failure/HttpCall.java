package io.licenserelay.http.failure;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One request to a site's SSM, with what its attempts met. Each request has a call of its own, so the evidence of a failed request
 * holds nothing of another request. One thread at a time uses it.
 */
public final class HttpCall {
    /** The exchange variable in which the {@code ssm} routes carry the call. Nothing outside these routes reads it. */
    private static final String VARIABLE = "call";

    private final Site site;
    private final Place place;
    private final Step step;
    private final String method;
    private final String path;
    private final @Nullable String query;
    private final Instant at;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte @Nullable [] body;
    private boolean repeatable = true;
    private volatile @Nullable Exception lastAttempt;
    private @Nullable Long attemptBegan;

    /** A request that only reads, so it may be repeated. */
    public HttpCall(Site site, Place place, Step step, String method, String path, @Nullable String query, Instant at) {
        this.site = site;
        this.place = place;
        this.step = step;
        this.method = method;
        this.path = path;
        this.query = query;
        this.at = at;
        headers.put("Accept", "application/json");
    }

    /** The call that the exchange is sending. */
    public static HttpCall of(Exchange exchange) {
        HttpCall call = exchange.getVariable(VARIABLE, HttpCall.class);
        if (call == null) {
            throw new IllegalStateException(
                    "no request is being sent here; the route ssm sets the variable " + VARIABLE);
        }
        return call;
    }

    public HttpCall header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public HttpCall json(String text) {
        return json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The body is bytes: a client would send text in a charset of its own choice. */
    public HttpCall json(byte[] bytes) {
        body = bytes;
        return header(Exchange.CONTENT_TYPE, "application/json");
    }

    /** The request writes to SSM: it is sent once. */
    public HttpCall onlyOnce() {
        repeatable = false;
        return this;
    }

    public Site site() {
        return site;
    }

    public Place place() {
        return place;
    }

    public Step step() {
        return step;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    @Nullable
    public String query() {
        return query;
    }

    /** Without the query, which holds only the position in a list. */
    public String url() {
        return site.ssm().url() + path;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public byte @Nullable [] body() {
        return body;
    }

    public boolean isRepeatable() {
        return repeatable;
    }

    /** An attempt is sent. */
    public void beginAttempt() {
        attemptBegan = System.nanoTime();
    }

    /** How long the attempt took; empty when none was sent since the last one ended. */
    public Optional<Duration> endAttempt() {
        Long began = attemptBegan;
        attemptBegan = null;
        return Optional.ofNullable(began).map(nanos -> Duration.ofNanos(System.nanoTime() - nanos));
    }

    /** An attempt failed, and another one may follow. */
    public void attemptFailed(Exception why) {
        lastAttempt = why;
    }

    /** What the last attempt met; null before one failed. */
    @Nullable
    public Exception lastAttempt() {
        return lastAttempt;
    }

    /** The exchange without an answer. */
    public HttpExchangeRecord unanswered(Clock clock) {
        return answered(null, Map.of(), null, clock);
    }

    public HttpExchangeRecord answered(
            @Nullable Integer status, Map<String, String> answerHeaders, @Nullable String start, Clock clock) {
        return new HttpExchangeRecord(
                method, url(), status, answerHeaders, start, at, Duration.between(at, clock.instant()));
    }
}
