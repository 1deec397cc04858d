package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** Looks at an answer before anybody reads it: its status, and whether it is a web page. */
public final class SsmAnswers {
    private static final String REFUSAL = "refusal";
    private static final int PEEK = 4 * Exchanged.BODY_CHARS;

    private final Clock clock;

    public SsmAnswers(Clock clock) {
        this.clock = clock;
    }

    /**
     * Looks at status and beginning. A good answer is left as a stream; what makes another one no use is kept for
     * {@link #check}, since a server that answers is well.
     *
     * @throws SsmUnavailable for 429 and 5xx
     */
    public void look(Exchange exchange, @ExchangeProperty(SsmRequests.ASKED) Asked asked) throws IOException {
        int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        InputStream body = exchange.getMessage().getBody(InputStream.class);
        BufferedInputStream readable =
                new BufferedInputStream(body == null ? InputStream.nullInputStream() : body, 64 * 1024);
        SsmException refusal = refusal(exchange, asked, status, readable);
        if (refusal instanceof SsmUnavailable) {
            throw refusal;
        }
        outlive(exchange);
        Answered answered = new Answered(readable, asked, status, safeHeaders(exchange));
        exchange.setProperty(REFUSAL, refusal);
        exchange.setProperty(SsmRequests.ANSWERED, answered);
        exchange.getMessage().setBody(answered);
    }

    /** A circuit breaker works on a copy that would close the answer when it ends; who reads the answer closes it. */
    private static void outlive(Exchange copy) {
        copy.getExchangeExtension().handoverCompletions(new DefaultExchange(copy.getContext()));
    }

    /**
     * Lets a good answer pass.
     *
     * @throws SsmException for any other status than 2xx, and for HTML
     */
    public void check(Exchange exchange) throws SsmException {
        SsmException refusal = exchange.getProperty(REFUSAL, SsmException.class);
        if (refusal != null) {
            throw refusal;
        }
    }

    private @Nullable SsmException refusal(Exchange exchange, Asked asked, int status, BufferedInputStream body)
            throws IOException {
        if (status < 200 || status > 299) {
            return refusal(exchanged(exchange, asked, status, body), clock.instant());
        }
        return isHtml(exchange, body)
                ? BadAnswer.html(
                        "a web page came from " + asked.url() + " instead of data",
                        exchanged(exchange, asked, status, body))
                : null;
    }

    private static boolean isHtml(Exchange exchange, BufferedInputStream body) throws IOException {
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        body.mark(PEEK);
        byte[] start = body.readNBytes(256);
        body.reset();
        return type.startsWith("text/html") || TokenEndpoint.looksLikeHtml(start);
    }

    private Exchanged exchanged(Exchange exchange, Asked asked, int status, InputStream body) throws IOException {
        try (body) {
            String start = new String(body.readNBytes(PEEK), StandardCharsets.UTF_8);
            String kept = start.substring(0, Math.min(start.length(), Exchanged.BODY_CHARS));
            return asked.answered(status, safeHeaders(exchange), kept, clock);
        }
    }

    private static Map<String, String> safeHeaders(Exchange exchange) {
        SafeHeaders headers = new SafeHeaders();
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            if (value != null) {
                headers.add(name, value);
            }
        });
        return headers.kept();
    }

    /**
     * What a status that is no success means.
     *
     * @param now to read a {@code Retry-After} date against; null when nobody will wait for it
     */
    public static SsmException refusal(Exchanged exchanged, @Nullable Instant now) {
        int status = exchanged.status() == null ? 0 : exchanged.status();
        String message = exchanged.method() + " " + exchanged.url() + " answered " + status;
        String errorType = "http." + status;
        String finding = saysExpired(exchanged) ? Findings.HTTP_TOKEN_EXPIRED : finding(status);
        List<Finding> findings = finding == null ? List.of() : List.of(new Finding(finding, message));
        if (status == 429 || status >= 500) {
            Duration retryAfter = now == null ? null : retryAfter(exchanged, now);
            return new SsmUnavailable(errorType, message, findings, exchanged, retryAfter);
        }
        return new SsmRefused(errorType, message, findings, exchanged);
    }

    private static boolean saysExpired(Exchanged exchanged) {
        return Objects.equals(exchanged.status(), 401)
                && BearerTokens.saysExpired(exchanged.headers().get("www-authenticate"));
    }

    private static @Nullable String finding(int status) {
        return switch (status) {
            case 401 -> Findings.HTTP_UNAUTHORIZED;
            case 403 -> Findings.HTTP_FORBIDDEN;
            case 404, 405 -> Findings.HTTP_NOT_FOUND;
            case 407 -> Findings.PROXY_REFUSED;
            case 429 -> Findings.HTTP_RATE_LIMITED;
            case 502, 503, 504 -> Findings.HTTP_UNAVAILABLE;
            default -> status >= 500 ? Findings.HTTP_SERVER_ERROR : null;
        };
    }

    /** Seconds or a date (RFC 9110 §10.2.3); what is neither was not asked for. */
    private static @Nullable Duration retryAfter(Exchanged exchanged, Instant now) {
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
        } catch (DateTimeException neither) {
            return null;
        }
    }
}
