package io.licenserelay.evidence;

import io.licenserelay.config.site.Place;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure at a place.
 *
 * @param folded the places with the same failure that are merged into this one; empty if it concerns only its own place
 * @param errorType dotted, stable, of low cardinality: {@code oauth.invalid_client}, {@code tcp.refused}, {@code http.502}
 * @param message one readable line; redacted before it is published
 * @param findings facts that the failing code itself proves (see {@link Finding})
 * @param exchange the failed HTTP exchange, or null
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
     * Creates a failure that the relay detected itself, without an exception.
     *
     * @param findings the first one is the error type and the message
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

    /** Whether the relay's own folders or database failed, so that no server caused the failure. */
    public boolean isOfTheRelay() {
        return exchange == null && (errorType.startsWith("store.") || errorType.startsWith("folder."));
    }

    /** Whether the relay's own database failed. Such a failure does not concern the place that was being written. */
    public boolean isOfTheDatabase() {
        return errorType.equals(Findings.STORE_UNWRITABLE) || errorType.equals(Findings.STORE_CORRUPT);
    }

    /** The same failure without the text and the headers of the answer. */
    public Failure withoutAnswer() {
        return exchange == null
                ? this
                : new Failure(place, folded, flow, step, errorType, message, findings, exchange.withoutAnswer(), at);
    }

    /** The same failure with other findings. */
    public Failure with(List<Finding> others) {
        return new Failure(place, folded, flow, step, errorType, message, List.copyOf(others), exchange, at);
    }
}
