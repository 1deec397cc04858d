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
 * One request to a server, with what its attempts met. Each request has a call of its own, so the evidence of a failed request
 * holds nothing of another request. One thread at a time uses it.
 */
public final class HttpCall {
    private static final ContentType JSON = ContentType.create("application/json");

    /** The exchange variable in which the route {@code http-request} carries the call. Nothing outside these routes reads it. */
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
    private @Nullable Long attemptBegan;

    /** When a request may be made again. A password is never sent again, and neither is what may have been done already. */
    public enum Repeat {
        /** It carries a password, or writes. */
        NEVER(Duration.ZERO),
        /** It makes a Manager do something, and 429 says that the Manager did not. */
        AFTER_429(Duration.ofSeconds(20), 429),
        /** It reads from a Manager, which slows its clients down by both. */
        AFTER_429_OR_503(Duration.ofSeconds(20), 429, 503),
        /** It reads from SSM: after 429, 5xx, and when no answer came. */
        WHEN_UNAVAILABLE(Duration.ofSeconds(30));

        private final Duration longestPause;
        private final List<Integer> statuses;

        Repeat(Duration longestPause, Integer... statuses) {
            this.longestPause = longestPause;
            this.statuses = List.of(statuses);
        }

        /**
         * Whether the request may be made again.
         *
         * @param status of the answer that said that the server cannot now; null when none came
         * @param pause as the server asked for it; a longer one is not waited for
         */
        public boolean mayFollow(@Nullable Integer status, Duration pause) {
            boolean covered = this == WHEN_UNAVAILABLE || statuses.stream().anyMatch(each -> each.equals(status));
            return covered && pause.compareTo(longestPause) <= 0;
        }
    }

    /**
     * A request to SSM that only reads, so it may be repeated.
     *
     * @param url without the query, which holds only the position in a list
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
     * A request of a session, sent once, whose answer the session itself checks. It has no headers but those that the session adds.
     *
     * @param url with its query, of which nothing is shown
     */
    public static HttpCall ofSession(Site site, Step step, String method, String url, Instant at) {
        int query = url.indexOf('?');
        HttpCall call = query < 0
                ? new HttpCall(site, site.place(), step, method, url, null, at)
                : new HttpCall(site, site.place(), step, method, url.substring(0, query), url.substring(query + 1), at);
        call.headers.clear();
        return call.unchecked().repeat(Repeat.NEVER);
    }

    /** The address of a path at a server, which may have a base path. */
    public static String url(URI server, String path) {
        return server.toString().replaceFirst("/$", "") + path;
    }

    /** The call that the exchange is sending. */
    public static HttpCall of(Exchange exchange) {
        HttpCall call = exchange.getVariable(VARIABLE, HttpCall.class);
        if (call == null) {
            throw new IllegalStateException(
                    "no request is being sent here; the route http-request sets the variable " + VARIABLE);
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
        return body(new ByteArrayEntity(bytes, JSON));
    }

    /** @param entity repeatable; it names its own content type */
    public HttpCall body(@Nullable HttpEntity entity) {
        body = entity;
        return this;
    }

    /** The request writes to SSM: it is sent once. */
    public HttpCall onlyOnce() {
        return repeat(Repeat.NEVER);
    }

    public HttpCall repeat(Repeat when) {
        repeat = when;
        return this;
    }

    /** Its answer is returned unread, whatever its status: the caller decides what it means. */
    public HttpCall unchecked() {
        checked = false;
        return this;
    }

    /** Where the request goes. */
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
        return Objects.requireNonNull(target, "the request has no target; " + url);
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
                method, url, status, answerHeaders, start, at, Duration.between(at, clock.instant()));
    }
}
