package io.licenserelay.http;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.CallFailed;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.http.failure.SsmUnavailable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** Checks an answer before its body is read: the status, and whether the body is a web page. */
public final class HttpAnswerCheck {
    private final Clock clock;

    public HttpAnswerCheck(Clock clock) {
        this.clock = clock;
    }

    /** The answer to a call, as {@link #answer(HttpCall, int, List, InputStream)}. */
    HttpAnswer answer(HttpCall call, ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        return answer(
                call, response.getCode(), List.of(response.getHeaders()), entity == null ? null : entity.getContent());
    }

    /**
     * The answer to a call, as {@link #answer(HttpCall, int, String, Map, InputStream)}, with its cookies.
     *
     * @param all every header of the answer; only those that may be published are kept
     */
    HttpAnswer answer(HttpCall call, int status, List<Header> all, @Nullable InputStream body) throws IOException {
        Map<String, String> headers = SafeHeaders.of(all);
        HttpAnswer answer = answer(call, status, headers.getOrDefault("content-type", ""), headers, body);
        all.stream()
                .filter(header -> header.getName().equalsIgnoreCase("Set-Cookie"))
                .forEach(cookie -> answer.addCookie(String.valueOf(cookie.getValue())));
        return answer;
    }

    /**
     * The answer to a call. The body of a usable answer remains a stream. An unusable answer carries the reason for {@link #check}: the
     * circuit breaker must count it as a success, because a server that answers is healthy. For an unchecked call, the body is read only if
     * the request may be repeated.
     *
     * @param type the content type, or an empty string if there is none
     * @param body null if the answer has no body
     * @throws SsmUnavailable for 429 and 5xx, unless the call is unchecked and sent once
     */
    public HttpAnswer answer(
            HttpCall call, int status, String type, Map<String, String> headers, @Nullable InputStream body)
            throws IOException {
        BufferedInputStream readable =
                new BufferedInputStream(body == null ? InputStream.nullInputStream() : body, 64 * 1024);
        boolean mayRepeat = isUnavailable(status) && call.repeat() != HttpCall.Repeat.NEVER;
        SsmException refusal = call.isChecked() || mayRepeat ? refusal(call, status, type, headers, readable) : null;
        if (refusal instanceof SsmUnavailable) {
            throw refusal;
        }
        return new HttpAnswer(readable, call, status, headers, refusal, clock);
    }

    /**
     * Throws if the answer is unusable.
     *
     * @throws SsmException for any status other than 2xx, and for HTML
     */
    public void check(@Body HttpAnswer answer) throws SsmException {
        if (answer.refusal() != null) {
            throw answer.refusal();
        }
    }

    /**
     * Ends a call whose attempts all failed.
     *
     * @throws CallFailed always, with the call's own request and answer
     */
    public void failed(Exchange exchange) throws CallFailed {
        Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        throw failed(HttpCall.of(exchange), thrown);
    }

    /** The failure of a call, with its request and its last answer. */
    public CallFailed failed(HttpCall call, Throwable thrown) {
        Throwable last = call.lastAttempt();
        boolean rejected = ObjectHelper.getException(CallNotPermittedException.class, thrown) != null;
        // An open breaker does not explain the failure; the last attempt does.
        Throwable why = rejected && last != null ? last : thrown;
        SsmException ssmFailure = ObjectHelper.getException(SsmException.class, why);
        HttpExchangeRecord exchange =
                ssmFailure == null || ssmFailure.exchange() == null ? call.unanswered(clock) : ssmFailure.exchange();
        return new CallFailed(call, exchange, why);
    }

    private @Nullable SsmException refusal(
            HttpCall call, int status, String type, Map<String, String> headers, BufferedInputStream body)
            throws IOException {
        if (status < 200 || status > 299) {
            return refusal(exchanged(call, status, headers, body), clock.instant());
        }
        return isHtml(type, body)
                ? BadAnswer.html(
                        call.url() + " answered with a web page instead of data",
                        exchanged(call, status, headers, body))
                : null;
    }

    private static boolean isHtml(String type, BufferedInputStream body) throws IOException {
        body.mark(HttpExchangeRecord.BODY_BYTES);
        byte[] start = body.readNBytes(256);
        body.reset();
        return type.startsWith("text/html") || LoginPage.isMarkup(start);
    }

    private HttpExchangeRecord exchanged(HttpCall call, int status, Map<String, String> headers, InputStream body)
            throws IOException {
        try (body) {
            byte[] start = body.readNBytes(HttpExchangeRecord.BODY_BYTES);
            return call.answered(status, headers, HttpExchangeRecord.start(start, start.length), clock);
        }
    }

    /**
     * The failure for a status other than 2xx.
     *
     * @param now reference time for a {@code Retry-After} date, or null if the request is not repeated
     */
    public static SsmException refusal(HttpExchangeRecord exchanged, @Nullable Instant now) {
        int status = exchanged.status() == null ? 0 : exchanged.status();
        String message = exchanged.method() + " " + exchanged.url() + " answered " + status;
        String errorType = "http." + status;
        String finding = reportsExpiredToken(exchanged) ? Findings.HTTP_TOKEN_EXPIRED : finding(status);
        List<Finding> findings = finding == null ? List.of() : List.of(new Finding(finding, message));
        if (isUnavailable(status)) {
            Duration retryAfter = now == null ? null : retryAfter(exchanged, now);
            return new SsmUnavailable(errorType, message, findings, exchanged, retryAfter);
        }
        return new SsmRefused(errorType, message, findings, exchanged);
    }

    private static boolean isUnavailable(int status) {
        return status == 429 || status >= 500;
    }

    private static boolean reportsExpiredToken(HttpExchangeRecord exchanged) {
        return Objects.equals(exchanged.status(), 401)
                && reportsExpiredToken(exchanged.headers().get("www-authenticate"));
    }

    private static @Nullable String finding(int status) {
        return switch (status) {
            case 401 -> Findings.HTTP_UNAUTHORIZED;
            case 403 -> Findings.HTTP_FORBIDDEN;
            case 404, 405 -> Findings.HTTP_NOT_FOUND;
            case 407 -> Findings.PROXY_REFUSED;
            case 429 -> Findings.HTTP_RATE_LIMITED;
            case 502, 503, 504 -> Findings.HTTP_UNAVAILABLE;
            default -> serverErrorOrRedirect(status);
        };
    }

    private static @Nullable String serverErrorOrRedirect(int status) {
        if (status >= 500) {
            return Findings.HTTP_SERVER_ERROR;
        }
        return status >= 300 && status < 400 ? Findings.HTTP_REDIRECTED : null;
    }

    /** Seconds or a date (RFC 9110 §10.2.3). Any other value is ignored. */
    private static @Nullable Duration retryAfter(HttpExchangeRecord exchanged, Instant now) {
        String value = exchanged.headers().get("retry-after");
        if (value == null) {
            return null;
        }
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    /** {@code WWW-Authenticate: Bearer error="invalid_token", error_description="The access token expired"} (RFC 6750 §3). */
    public static boolean reportsExpiredToken(@Nullable String wwwAuthenticate) {
        return wwwAuthenticate != null
                && wwwAuthenticate.toLowerCase(Locale.ROOT).contains("expired");
    }
}
