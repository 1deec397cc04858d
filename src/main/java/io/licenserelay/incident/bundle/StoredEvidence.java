package io.licenserelay.incident.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import io.licenserelay.text.WireNamed;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stored or published evidence, reduced to the input of its diagnosis.
 *
 * @param published the published diagnosis; null if unknown
 * @param cut fields of {@code published} that were removed because of the size limit of events
 */
public record StoredEvidence(
        Flow flow, List<Finding> findings, @Nullable ObjectNode published, List<String> cut) {
    private static final String DIAGNOSIS_PREFIX = "diagnosis.";

    /**
     * Reads a failure event, its {@code data}, or its {@code evidence}.
     *
     * @param flow the flow, which evidence alone does not contain; null if the file contains it
     * @throws BadEvidence when the JSON is none of these
     */
    public static StoredEvidence of(JsonNode json, @Nullable Flow flow) throws BadEvidence {
        JsonNode data = json.path("data").isObject() ? json.path("data") : json;
        if (data.path("state").asText().equals("resolve")) {
            throw new BadEvidence("a resolve has no evidence; use the trigger or an update of its incident");
        }
        JsonNode evidence = data.has("state") ? data.path("evidence") : data;
        if (!evidence.path("findings").isArray()) {
            throw new BadEvidence(
                    "no findings: the file is neither a failure event nor the data or evidence of a failure event");
        }
        Flow known = flow != null ? flow : flow(data.path("flow").asText());
        JsonNode published = data.path("diagnosis");
        return new StoredEvidence(
                known, findings(evidence), published instanceof ObjectNode object ? object : null, cut(data));
    }

    /** Reads stored evidence and the data of its event. */
    static StoredEvidence of(String flow, JsonNode evidence, JsonNode event) throws BadEvidence {
        if (!evidence.path("findings").isArray()) {
            throw new BadEvidence("no findings: the entry is not evidence");
        }
        ObjectNode published = event.path("diagnosis") instanceof ObjectNode object ? object : null;
        return new StoredEvidence(flow(flow), findings(evidence), published, cut(event));
    }

    /**
     * Finds the stored evidence of an incident.
     *
     * @param incident the id, or the key of its records with or without {@code license-relay/}; a key selects the
     *     newest incident
     * @param sequence the sequence of the event; null for the newest event with evidence
     * @throws BadEvidence when the stored evidence was changed
     */
    public static Optional<StoredEvidence> kept(Database database, String incident, @Nullable Long sequence)
            throws BadEvidence {
        Optional<Row> found =
                database.read(tx -> tx.createQuery("SELECT e.body, e.sha256, e.sequence, i.flow, i.last_data,"
                                + " (SELECT MAX(n.sequence) FROM evidence n WHERE n.incident_id = i.id) AS newest"
                                + " FROM evidence e JOIN incident i ON i.id = e.incident_id"
                                + " WHERE (i.id = :name OR i.dedup_key = :name OR i.dedup_key = :key)"
                                + " AND (CAST(:sequence AS BIGINT) IS NULL OR e.sequence = :sequence)"
                                + " ORDER BY i.opened_at DESC, e.sequence DESC LIMIT 1")
                        .bind("name", incident)
                        .bind("key", "license-relay/" + incident)
                        .bind("sequence", sequence)
                        .map((row, context) -> Row.of(row))
                        .findOne());
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get().evidence());
    }

    /** The newest incidents, with names that {@link #kept} accepts. */
    public static List<String> newest(Database database, int limit) {
        return database.read(
                tx -> tx.createQuery("SELECT id, dedup_key, code FROM incident ORDER BY opened_at DESC LIMIT :most")
                        .bind("most", limit)
                        .map((row, context) ->
                                row.getString("id") + "  " + row.getString("dedup_key") + "  " + row.getString("code"))
                        .list());
    }

    /** The evidence in the form for {@code Rules.diagnose}. */
    public Evidence evidence() {
        Failure failure = new Failure(
                Place.relay(), List.of(), flow, Step.APPLY, "relay.replay", "replayed", List.of(), null, Instant.EPOCH);
        return Evidence.of(failure, List.of(), List.of(), findings);
    }

    private static Flow flow(String word) throws BadEvidence {
        return WireNamed.find(Flow.class, word)
                .orElseThrow(() -> new BadEvidence("the file contains no flow: set it with --flow"));
    }

    private static List<Finding> findings(JsonNode evidence) {
        List<Finding> findings = new ArrayList<>();
        evidence.path("findings")
                .forEach(each -> findings.add(new Finding(
                        each.path("name").asText(), each.path("phrase").asText())));
        return findings;
    }

    private static List<String> cut(JsonNode data) {
        return StreamSupport.stream(data.path("truncated").spliterator(), false)
                .map(JsonNode::asText)
                .filter(name -> name.startsWith(DIAGNOSIS_PREFIX))
                .map(name -> name.substring(DIAGNOSIS_PREFIX.length()))
                .toList();
    }

    /** A row of the table with the data of the newest event of its incident. */
    private record Row(String body, String sha256, String flow, String lastData, boolean newest) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getString("body"),
                    row.getString("sha256"),
                    row.getString("flow"),
                    row.getString("last_data"),
                    row.getLong("sequence") == row.getLong("newest"));
        }

        StoredEvidence evidence() throws BadEvidence {
            if (!Digests.sha256(body.getBytes(StandardCharsets.UTF_8)).equals(sha256)) {
                throw new BadEvidence("the stored evidence does not match its SHA-256: it was changed");
            }
            try {
                JsonNode last = Json.MAPPER.readTree(lastData);
                ObjectNode published = newest && last.path("diagnosis") instanceof ObjectNode object ? object : null;
                return new StoredEvidence(
                        WireNamed.of(Flow.class, flow), findings(Json.MAPPER.readTree(body)), published, cut(last));
            } catch (JsonProcessingException e) {
                throw new BadEvidence("the stored evidence is not valid JSON: " + e.getOriginalMessage());
            }
        }
    }

    /** The input cannot be diagnosed. The message gives the reason for people. */
    public static final class BadEvidence extends Exception {
        private static final long serialVersionUID = 1L;

        BadEvidence(String message) {
            super(message);
        }
    }
}
