package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How far the server's clock is ahead of ours, by the {@code Date} of the very answer that failed. */
final class ServerClock {
    /** A date has whole seconds (RFC 9110, 5.6.7), and the answer was on its way: less says nothing. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    private ServerClock() {}

    /** None when no answer came, or one without date; zero when the clocks agree as far as that tells. */
    static Optional<Duration> of(Failure failure) {
        HttpExchangeRecord exchange = failure.exchange();
        String date = exchange == null ? null : exchange.headers().get("date");
        if (exchange == null || date == null) {
            return Optional.empty();
        }
        try {
            ZonedDateTime server = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration half = exchange.took().dividedBy(2);
            Duration ahead = Duration.between(exchange.at().plus(half), server.toInstant());
            boolean agrees = ahead.abs().minus(half).compareTo(LEAST) < 0;
            return Optional.of(agrees ? Duration.ZERO : ahead);
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }
}
