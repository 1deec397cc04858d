package io.licenserelay.http.failure;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * One request to a server, with the results of its attempts. Each request has its own call, so the evidence of a failed request contains
 * nothing of another request. Not thread-safe: one thread at a time.
 */
public final class HttpCall {
    private static final ContentType JSON = ContentType.create("application/json");

    /** The exchange variable in which the route {@code http-request} carries the call. Only the HTTP routes read it. */
    private static final String VARIABLE = "call";

    private final Site site;
    private final Place place;
    private final Step step;
    private final String method;
    private final String url;
    private final @Nullable String query;
    private final Instant at;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable HttpEntity body;
    private Repeat repeat = Repeat.WHEN_UNAVAILABLE;
    private boolean checked = true;
    private @Nullable HttpTarget target;
    private volatile @Nullable Exception lastAttempt;
    private @Nullable Long attemptStartedAt;

    /**
     * When a request may be repeated. A request with a password is never repeated, nor is a request that the server may already have
     * executed.
     */
    public enum Repeat {
        /** The request carries a password, or writes. */
        NEVER(Duration.ZERO),
        /** The request triggers an action of a Manager. 429 proves that the Manager did not execute it. */
        AFTER_429(Duration.ofSeconds(20), 429),
        /** The request reads from a Manager, which limits its clients with both statuses. */
        AFTER_429_OR_503(Duration.ofSeconds(20), 429, 503),
        /** The request reads from SSM. It is repeated after 429, 5xx and when no answer was received. */
        WHEN_UNAVAILABLE(Duration.ofSeconds(30));

        private final Duration maxPause;
        private final List<Integer> statuses;

        Repeat(Duration maxPause, Integer... statuses) {
            this.maxPause = maxPause;
            this.statuses = List.of(statuses);
        }

        /**
         * Whether the request may be repeated.
         *
         * @param status the status of the answer 429 or 5xx, or null if no answer was received
         * @param pause the pause that the server requested; the relay does not wait for a longer one than its limit
         */
        public boolean mayFollow(@Nullable Integer status, Duration pause) {
            boolean covered = this == WHEN_UNAVAILABLE || statuses.stream().anyMatch(each -> each.equals(status));
            return covered && pause.compareTo(maxPause) <= 0;
        }
    }

    /**
     * A read-only request to SSM; it may be repeated.
     *
     * @param url without the query; the query contains only the position in a list
     */
    public HttpCall(Site site, Place place, Step step, String method, String url, @Nullable String query, Instant at) {
        this.site = site;
        this.place = place;
        this.step = step;
        this.method = method;
        this.url = url;
        this.query = query;
        this.at = at;
        headers.put("Accept", "application/json");
    }

    /**
     * A request of a session. It is sent once, and the session checks the answer. It has only the headers that the session adds.
     *
     * @param url with its query; the query is never logged or published
     */
    public static HttpCall ofSession(Site site, Step step, String method, String url, Instant at) {
        int query = url.indexOf('?');
        HttpCall call = query < 0
                ? new HttpCall(site, site.place(), step, method, url, null, at)
                : new HttpCall(site, site.place(), step, method, url.substring(0, query), url.substring(query + 1), at);
        call.headers.clear();
        return call.unchecked().repeat(Repeat.NEVER);
    }

    /** The URL of a path on a server, which may have a base path. */
    public static String url(URI server, String path) {
        return server.toString().replaceFirst("/$", "") + path;
    }

    /** The call that this exchange sends. */
    public static HttpCall of(Exchange exchange) {
        HttpCall call = exchange.getVariable(VARIABLE, HttpCall.class);
        if (call == null) {
            throw new IllegalStateException(
                    "the exchange has no HTTP call; the route http-request sets the variable " + VARIABLE);
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

    /** Takes the body as bytes, because an HTTP client would choose its own charset for text. */
    public HttpCall json(byte[] bytes) {
        return body(new ByteArrayEntity(bytes, JSON));
    }

    /** @param entity repeatable, with its content type */
    public HttpCall body(@Nullable HttpEntity entity) {
        body = entity;
        return this;
    }

    /** The request writes to SSM, so it is sent only once. */
    public HttpCall onlyOnce() {
        return repeat(Repeat.NEVER);
    }

    public HttpCall repeat(Repeat when) {
        repeat = when;
        return this;
    }

    /** The answer is returned unread, whatever its status. The caller decides what the status means. */
    public HttpCall unchecked() {
        checked = false;
        return this;
    }

    /** Sets the target of the request. */
    public HttpCall to(HttpTarget server) {
        target = server;
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

    @Nullable
    public String query() {
        return query;
    }

    /** Without the query. */
    public String url() {
        return url;
    }

    public Map<String, String> headers() {
        return headers;
    }

    @Nullable
    public HttpEntity body() {
        return body;
    }

    public Repeat repeat() {
        return repeat;
    }

    public boolean isChecked() {
        return checked;
    }

    public HttpTarget target() {
        return Objects.requireNonNull(target, "the request has no target: " + url);
    }

    /** Starts the timer of an attempt. */
    public void beginAttempt() {
        attemptStartedAt = System.nanoTime();
    }

    /** The duration of the attempt, or empty if no attempt was started since the last one ended. */
    public Optional<Duration> endAttempt() {
        Long startedAt = attemptStartedAt;
        attemptStartedAt = null;
        return Optional.ofNullable(startedAt).map(nanos -> Duration.ofNanos(System.nanoTime() - nanos));
    }

    /** Records a failed attempt that may be repeated. */
    public void attemptFailed(Exception why) {
        lastAttempt = why;
    }

    /** The exception of the last failed attempt, or null if none failed. */
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
                method, url, status, answerHeaders, start, at, Duration.between(at, clock.instant()));
    }
}
