package io.licenserelay.view.runs;

import static io.licenserelay.store.SqlTime.instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.licenserelay.text.WireNamed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run in a list.
 *
 * @param cause {@code schedule}, {@code catch-up}, {@code operator} or {@code command}
 * @param requestedBy who sent the command; null for other causes
 * @param finishedAt null while no end is recorded; an interrupted run never has one
 * @param seconds the duration; null without an end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunEntry(
        String id,
        String site,
        String cause,
        @Nullable String requestedBy,
        @Nullable String reason,
        RunState outcome,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Double seconds) {

    static final String COLUMNS = "id, site, cause, requested_by, reason, outcome, started_at, finished_at";

    static RunEntry of(ResultSet row) throws SQLException {
        Instant started = Instant.ofEpochMilli(row.getLong("started_at"));
        Instant finished = instant(row, "finished_at");
        return new RunEntry(
                Long.toString(row.getLong("id")),
                row.getString("site"),
                row.getString("cause"),
                row.getString("requested_by"),
                row.getString("reason"),
                state(row.getString("outcome")),
                started,
                finished,
                finished == null ? null : Duration.between(started, finished).toMillis() / 1000.0);
    }

    private static RunState state(@Nullable String outcome) {
        return outcome == null ? RunState.RUNNING : WireNamed.of(RunState.class, outcome);
    }
}
