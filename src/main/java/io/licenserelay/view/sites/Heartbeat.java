package io.licenserelay.view.sites;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.licenserelay.view.runs.RunEntry;
import io.licenserelay.view.runs.RunState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A run in the bar of the last runs. @param seconds null while no end is recorded */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Heartbeat(
        String id,
        RunState outcome,
        Instant startedAt,
        @Nullable Double seconds) {
    static Heartbeat of(RunEntry run) {
        return new Heartbeat(run.id(), run.outcome(), run.startedAt(), run.seconds());
    }
}
