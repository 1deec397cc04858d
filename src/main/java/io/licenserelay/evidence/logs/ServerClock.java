package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The offset of the server's clock, from the {@code Date} header of the failed answer. */
final class ServerClock {
    /** The header has whole seconds (RFC 9110, 5.6.7) and the answer took time, so a smaller difference proves nothing. */
    private static final Duration MIN_OFFSET = Duration.ofSeconds(2);

    private ServerClock() {}

    /** Empty if there was no answer or no {@code Date}; zero if the clocks agree within that precision. */
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
            boolean agrees = ahead.abs().minus(half).compareTo(MIN_OFFSET) < 0;
            return Optional.of(agrees ? Duration.ZERO : ahead);
        } catch (DateTimeException invalid) {
            return Optional.empty();
        }
    }
}
