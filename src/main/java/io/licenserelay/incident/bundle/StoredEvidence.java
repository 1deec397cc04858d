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
 * Evidence as it was kept or published, with what its diagnosis depends on and nothing else.
 *
 * @param published the diagnosis that was told of it; null when that is not known
 * @param cut fields of {@code published} that were left out to make an event fit
 */
public record StoredEvidence(
        Flow flow, List<Finding> findings, @Nullable ObjectNode published, List<String> cut) {
    private static final String OF_DIAGNOSIS = "diagnosis.";

    /**
     * Reads a failure event, its {@code data}, or its {@code evidence}.
     *
     * @param flow what evidence alone does not say; null when the file has to
     * @throws BadEvidence when it is none of these
     */
    public static StoredEvidence of(JsonNode json, @Nullable Flow flow) throws BadEvidence {
        JsonNode data = json.path("data").isObject() ? json.path("data") : json;
        if (data.path("state").asText().equals("resolve")) {
            throw new BadEvidence("a resolve has no evidence; take the trigger or an update of its incident");
        }
        JsonNode evidence = data.has("state") ? data.path("evidence") : data;
        if (!evidence.path("findings").isArray()) {
            throw new BadEvidence("no findings: it is no failure event, nor the data or the evidence of one");
        }
        Flow known = flow != null ? flow : flow(data.path("flow").asText());
        JsonNode published = data.path("diagnosis");
        return new StoredEvidence(
                known, findings(evidence), published instanceof ObjectNode object ? object : null, cut(data));
    }

    /** Evidence as it was kept, and the data of the event that told of it. */
    static StoredEvidence of(String flow, JsonNode evidence, JsonNode event) throws BadEvidence {
        if (!evidence.path("findings").isArray()) {
            throw new BadEvidence("no findings: it is no evidence");
        }
        ObjectNode published = event.path("diagnosis") instanceof ObjectNode object ? object : null;
        return new StoredEvidence(flow(flow), findings(evidence), published, cut(event));
    }

    /**
     * Finds what was kept of an incident.
     *
     * @param incident its id, or the key of its records with or without {@code license-relay/}: then the newest of it
     * @param sequence of the event; null for the newest that has evidence
     * @throws BadEvidence when it is not as it was kept
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

    /** The newest incidents, in words that {@link #kept} understands. */
    public static List<String> newest(Database database, int most) {
        return database.read(
                tx -> tx.createQuery("SELECT id, dedup_key, code FROM incident ORDER BY opened_at DESC LIMIT :most")
                        .bind("most", most)
                        .map((row, context) ->
                                row.getString("id") + "  " + row.getString("dedup_key") + "  " + row.getString("code"))
                        .list());
    }

    /** For {@code Rules.diagnose}. */
    public Evidence evidence() {
        Failure failure = new Failure(
                Place.relay(), List.of(), flow, Step.APPLY, "relay.replay", "replayed", List.of(), null, Instant.EPOCH);
        return Evidence.of(failure, List.of(), List.of(), findings);
    }

    private static Flow flow(String word) throws BadEvidence {
        return WireNamed.find(Flow.class, word)
                .orElseThrow(() -> new BadEvidence("no flow in it: say which with --flow"));
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
                .filter(name -> name.startsWith(OF_DIAGNOSIS))
                .map(name -> name.substring(OF_DIAGNOSIS.length()))
                .toList();
    }

    /** A row of the table, with what the newest event of its incident told. */
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
                throw new BadEvidence("the kept evidence is not what its SHA-256 says: somebody changed it");
            }
            try {
                JsonNode last = Json.MAPPER.readTree(lastData);
                ObjectNode published = newest && last.path("diagnosis") instanceof ObjectNode object ? object : null;
                return new StoredEvidence(
                        WireNamed.of(Flow.class, flow), findings(Json.MAPPER.readTree(body)), published, cut(last));
            } catch (JsonProcessingException e) {
                throw new BadEvidence("the kept evidence is no JSON: " + e.getOriginalMessage());
            }
        }
    }

    /** It cannot be diagnosed; the message says why, for people. */
    public static final class BadEvidence extends Exception {
        private static final long serialVersionUID = 1L;

        BadEvidence(String message) {
            super(message);
        }
    }
}
