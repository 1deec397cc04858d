package io.licenserelay.view.incidents;

import static io.licenserelay.store.SqlTime.instant;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.evidence.Flow;
import io.licenserelay.incident.event.Sightings;
import io.licenserelay.text.Json;
import io.licenserelay.text.WireNamed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An incident in a list, with the redacted words of its newest event. Its JSON is the one of {@code incidents --json}, a published contract:
 * fields are added, never changed.
 *
 * @param dedupKey the key of its records: {@code license-relay/hq/ACME/pull}
 * @param confidence the confidence of its primary cause: {@code proven}
 * @param owner who has to act
 * @param occurrences the number of runs that observed it
 * @param next the first step of the fix; empty if there is none
 * @param flapping whether it failed and recovered so often that it stays open until it is healthy for long enough
 * @param healthySince since when a flapping incident is healthy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IncidentEntry(
        String id,
        String dedupKey,
        @JsonIgnore Place location,
        Flow flow,
        Severity severity,
        String code,
        String title,
        String confidence,
        String owner,
        String summary,
        Instant openedAt,
        long occurrences,
        String next,
        @JsonProperty("open") boolean open,
        boolean flapping,
        Instant updatedAt,
        @Nullable Instant healthySince,
        @Nullable Instant resolvedAt) {

    static final String COLUMNS =
            "id, site, account, va, flow, severity, code, summary, occurrences, escalating_runs, last_run,"
                    + " last_data, is_open, is_flapping, opened_at, updated_at, healthy_since, resolved_at";

    /** The place as text for people: {@code hq/ACME/Default}. */
    @JsonProperty
    public String place() {
        return location.toString();
    }

    @JsonProperty
    public String site() {
        return location.site();
    }

    @JsonProperty
    public @Nullable String account() {
        return location.account();
    }

    @JsonProperty
    public @Nullable String virtualAccount() {
        return location.va();
    }

    /** @param data the data of its newest event */
    static IncidentEntry of(ResultSet row, JsonNode data) throws SQLException {
        JsonNode diagnosis = data.path("diagnosis");
        return new IncidentEntry(
                row.getString("id"),
                data.path("dedupKey").asText(),
                new Place(row.getString("site"), row.getString("account"), row.getString("va")),
                WireNamed.of(Flow.class, row.getString("flow")),
                WireNamed.of(Severity.class, row.getString("severity")),
                row.getString("code"),
                diagnosis.path("title").asText(),
                diagnosis.path("confidence").asText(),
                diagnosis.path("owner").asText(),
                row.getString("summary"),
                Instant.ofEpochMilli(row.getLong("opened_at")),
                new Sightings(row.getLong("occurrences"), row.getLong("escalating_runs"), row.getLong("last_run"))
                        .occurrences(),
                diagnosis.at("/remedy/0").asText(),
                row.getLong("is_open") == 1,
                row.getLong("is_flapping") == 1,
                Instant.ofEpochMilli(row.getLong("updated_at")),
                instant(row, "healthy_since"),
                instant(row, "resolved_at"));
    }

    static IncidentEntry of(ResultSet row) throws SQLException {
        return of(row, Json.stored(row.getString("last_data"), "the data of incident " + row.getString("id")));
    }
}
