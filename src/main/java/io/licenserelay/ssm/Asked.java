package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as it was made, for the evidence of its failure. */
record Asked(String method, String url, Instant at) {

    /** The exchange without an answer. */
    Exchanged unanswered(Clock clock) {
        return answered(null, Map.of(), null, clock);
    }

    Exchanged answered(@Nullable Integer status, Map<String, String> headers, @Nullable String body, Clock clock) {
        return new Exchanged(method, url, status, headers, body, at, Duration.between(at, clock.instant()));
    }
}
