package io.licenserelay.evidence;

import io.licenserelay.config.site.Place;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something did not work at a place.
 *
 * @param folded the places that failed alike and are told as this one failure; empty when it is the place's own
 * @param errorType of low cardinality, dotted, stable: {@code oauth.invalid_client}, {@code tcp.refused}, {@code http.502}
 * @param message one line for people; redacted before it leaves
 * @param findings what the failing code itself knows for sure, by name (see {@link Finding})
 * @param exchange the failed HTTP exchange, if it was one
 */
public record Failure(
        Place place,
        List<Place> folded,
        Flow flow,
        Step step,
        String errorType,
        String message,
        List<Finding> findings,
        @Nullable HttpExchangeRecord exchange,
        Instant at) {

    /**
     * What the relay itself knows for sure, without having been told by an exception.
     *
     * @param findings the first one names the error and is its message
     */
    public static Failure of(
            Place place,
            Flow flow,
            Step step,
            List<Finding> findings,
            @Nullable HttpExchangeRecord exchange,
            Instant at) {
        Finding first = findings.get(0);
        return new Failure(place, List.of(), flow, step, first.name(), first.phrase(), findings, exchange, at);
    }

    /** Whether the relay's own folders or database failed, so that no server was at fault. */
    public boolean isOfTheRelay() {
        return exchange == null && (errorType.startsWith("store.") || errorType.startsWith("folder."));
    }

    /** Whether the relay's own database refused: that is no failure of the place that was being written. */
    public boolean isOfTheDatabase() {
        return errorType.equals(Findings.STORE_UNWRITABLE) || errorType.equals(Findings.STORE_CORRUPT);
    }

    /** The same without the text and the headers of the answer. */
    public Failure withoutAnswer() {
        return exchange == null
                ? this
                : new Failure(place, folded, flow, step, errorType, message, findings, exchange.withoutAnswer(), at);
    }

    /** The same, with other findings. */
    public Failure with(List<Finding> others) {
        return new Failure(place, folded, flow, step, errorType, message, List.copyOf(others), exchange, at);
    }
}
