package io.licenserelay.incident;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Flow;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.Sightings;
import io.licenserelay.text.Json;
import io.licenserelay.text.WireNamed;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The database tables of incidents, their causes and their evidence. Used in the caller's transaction. Stateless. */
final class IncidentTable {
    /** Every open incident, oldest first. */
    List<Incident> open(Handle tx) {
        return tx.createQuery("SELECT * FROM incident WHERE is_open = 1 ORDER BY opened_at, dedup_key")
                .map((row, context) -> incident(row))
                .list();
    }

    Optional<Incident> open(Handle tx, Place place, Flow flow) {
        return tx.createQuery("SELECT * FROM incident WHERE dedup_key = :key AND is_open = 1")
                .bind("key", Incident.dedupKey(place, flow))
                .map((row, context) -> incident(row))
                .findOne();
    }

    boolean isOpen(Handle tx, Place place, Flow flow) {
        return tx.createQuery("SELECT EXISTS (SELECT 1 FROM incident WHERE dedup_key = :key AND is_open = 1)")
                .bind("key", Incident.dedupKey(place, flow))
                .mapTo(Boolean.class)
                .one();
    }

    Optional<Incident> openWithId(Handle tx, String id) {
        return tx.createQuery("SELECT * FROM incident WHERE id = :id AND is_open = 1")
                .bind("id", id)
                .map((row, context) -> incident(row))
                .findOne();
    }

    /** @param data the data of the newest event, which the resolve uses */
    void save(Handle tx, Incident incident, ObjectNode data, Instant now) {
        tx.createUpdate(
                        "INSERT INTO incident (id, dedup_key, site, account, va, flow, is_open, code, severity, summary,"
                                + " occurrences, sequence, trigger_event, last_data, opened_at, updated_at, is_flapping,"
                                + " healthy_since, escalating_runs, last_run)"
                                + " VALUES (:id, :key, :site, :account, :va, :flow, 1, :code, :severity, :summary,"
                                + " :occurrences, :sequence, :trigger, :data, :opened, :now, :flapping, :well,"
                                + " :escalating, :last)"
                                + " ON CONFLICT (id) DO UPDATE SET code = excluded.code, severity = excluded.severity,"
                                + " summary = excluded.summary, occurrences = excluded.occurrences,"
                                + " sequence = excluded.sequence, last_data = excluded.last_data,"
                                + " updated_at = excluded.updated_at, is_flapping = excluded.is_flapping,"
                                + " healthy_since = excluded.healthy_since, escalating_runs = excluded.escalating_runs,"
                                + " last_run = excluded.last_run")
                .bind("id", incident.id())
                .bind("key", Incident.dedupKey(incident.place(), incident.flow()))
                .bind("site", incident.place().site())
                .bind("account", incident.place().account())
                .bind("va", incident.place().va())
                .bind("flow", incident.flow().wireName())
                .bind("code", incident.code())
                .bind("severity", incident.severity().wireName())
                .bind("summary", incident.summary())
                .bind("occurrences", incident.sightings().runs())
                .bind("escalating", incident.sightings().escalating())
                .bind("last", incident.sightings().lastRun())
                .bind("sequence", incident.sequence())
                .bind("trigger", incident.triggerEvent())
                .bind("data", data.toString())
                .bind("opened", incident.openedAt().toEpochMilli())
                .bind("now", now.toEpochMilli())
                .bind("flapping", incident.flapping() ? 1 : 0)
                .bind(
                        "well",
                        incident.wellSince() == null
                                ? null
                                : incident.wellSince().toEpochMilli())
                .execute();
    }

    /** The number of resolves of the place and flow since then. */
    long recoveries(Handle tx, Place place, Flow flow, Instant since) {
        return tx.createQuery("SELECT COUNT(*) FROM incident WHERE dedup_key = :key AND resolved_at >= :since")
                .bind("key", Incident.dedupKey(place, flow))
                .bind("since", since.toEpochMilli())
                .mapTo(Long.class)
                .one();
    }

    /** Replaces the active causes of the incident. */
    void saveCauses(Handle tx, Incident incident, Diagnosis diagnosis, Instant now) {
        tx.execute("UPDATE incident_cause SET is_active = 0 WHERE incident_id = ?", incident.id());
        saveCause(tx, incident, diagnosis.code(), diagnosis.confidence(), now);
        diagnosis.besides().forEach(other -> saveCause(tx, incident, other.code(), other.confidence(), now));
    }

    private static void saveCause(
            Handle tx, Incident incident, String code, Diagnosis.Confidence confidence, Instant now) {
        tx.execute(
                "INSERT INTO incident_cause (incident_id, code, confidence, is_active, first_at, last_at)"
                        + " VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (incident_id, code) DO UPDATE SET"
                        + " confidence = excluded.confidence, is_active = 1, last_at = excluded.last_at",
                incident.id(),
                code,
                confidence.wireName(),
                now.toEpochMilli(),
                now.toEpochMilli());
    }

    void saveEvidence(Handle tx, Incident incident, long runId, String body, Instant now) {
        tx.execute(
                "INSERT INTO evidence (incident_id, sequence, run_id, collected_at, sha256, body)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                incident.id(),
                incident.sequence(),
                runId,
                now.toEpochMilli(),
                Digests.sha256(body.getBytes(StandardCharsets.UTF_8)),
                body);
    }

    /** The data of the newest event. */
    ObjectNode lastData(Handle tx, Incident incident) {
        String json = tx.createQuery("SELECT last_data FROM incident WHERE id = :id")
                .bind("id", incident.id())
                .mapTo(String.class)
                .one();
        return (ObjectNode) Json.stored(json, "the data of incident " + incident.id());
    }

    /** Marks the incident as resolved and all its causes as inactive. */
    void close(Handle tx, Incident incident, Instant now) {
        tx.execute(
                "UPDATE incident SET is_open = 0, sequence = ?, updated_at = ?, resolved_at = ? WHERE id = ?",
                incident.sequence(),
                now.toEpochMilli(),
                now.toEpochMilli(),
                incident.id());
        tx.execute("UPDATE incident_cause SET is_active = 0 WHERE incident_id = ?", incident.id());
    }

    private static Incident incident(ResultSet row) throws SQLException {
        return new Incident(
                row.getString("id"),
                new Place(row.getString("site"), row.getString("account"), row.getString("va")),
                WireNamed.of(Flow.class, row.getString("flow")),
                row.getString("code"),
                WireNamed.of(Severity.class, row.getString("severity")),
                row.getString("summary"),
                new Sightings(row.getLong("occurrences"), row.getLong("escalating_runs"), row.getLong("last_run")),
                row.getLong("sequence"),
                row.getString("trigger_event"),
                Instant.ofEpochMilli(row.getLong("opened_at")),
                row.getLong("is_flapping") == 1,
                row.getObject("healthy_since") == null ? null : Instant.ofEpochMilli(row.getLong("healthy_since")));
    }
}
