package io.licenserelay.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.Event;
import io.licenserelay.event.EventIds;
import io.licenserelay.event.Outbox;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Flow;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Place;
import io.licenserelay.site.Settings;
import io.licenserelay.site.Topic;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Opens, updates and resolves incidents, each change with its event in the caller's transaction. At most one is open for a
 * place and flow; it has one trigger, any number of updates, and one resolve. Everything is redacted before it is kept.
 */
public final class Incidents {
    private static final String TYPE = "io.licenserelay.failure.v1";
    private static final int WARNING_RUNS = 3;
    private static final Duration WARNING_AGE = Duration.ofHours(72);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Outbox outbox;
    private final Redactor redactor;
    private final Clock clock;
    private final String topic;
    private final FailureData failureData;
    private final Fitting fitting;

    /** @param version the relay's, as told in events */
    public Incidents(Outbox outbox, Redactor redactor, Settings settings, String version, Clock clock) {
        this.outbox = outbox;
        this.redactor = redactor;
        this.clock = clock;
        this.topic = settings.topic(Topic.FAILURES);
        this.failureData = new FailureData(settings.docsBase(), version);
        this.fitting = new Fitting(settings.maxEventBytes());
    }

    /** The place and flow of the evidence's failure is not well: opens its incident, or tells that it goes on. */
    public Incident record(Handle tx, Diagnosis diagnosis, Evidence evidence, Occasion occasion) {
        Place place = evidence.failure().place();
        Flow flow = evidence.failure().flow();
        Optional<Incident> open = open(tx, place, flow);
        Incident incident = open.map(known -> further(known, diagnosis, evidence))
                .orElseGet(() -> first(place, flow, diagnosis, evidence));
        ObjectNode data =
                failureData.of(incident, open.isPresent() ? "update" : "trigger", diagnosis, evidence, occasion);
        ObjectNode redacted = (ObjectNode) redactor.redact(data);
        keepEvidence(tx, incident, occasion, redacted.path("evidence").toString());
        fitting.fit(redacted);
        keep(tx, incident, redacted);
        keepCauses(tx, incident, diagnosis);
        tell(tx, incident, redacted, occasion);
        return incident;
    }

    /** The place and flow is well: its incident, if one is open, is resolved. */
    public Optional<Incident> clear(Handle tx, Place place, Flow flow, Occasion occasion) {
        return open(tx, place, flow).map(incident -> resolve(tx, incident, occasion));
    }

    /** Every open incident, oldest first. */
    public List<Incident> open(Handle tx) {
        return tx.createQuery("SELECT * FROM incident WHERE is_open = 1 ORDER BY opened_at, dedup_key")
                .map((row, context) -> incident(row))
                .list();
    }

    private static Optional<Incident> open(Handle tx, Place place, Flow flow) {
        return tx.createQuery("SELECT * FROM incident WHERE dedup_key = :key AND is_open = 1")
                .bind("key", Incident.dedupKey(place, flow))
                .map((row, context) -> incident(row))
                .findOne();
    }

    private Incident first(Place place, Flow flow, Diagnosis diagnosis, Evidence evidence) {
        String id = UUID.randomUUID().toString();
        return new Incident(
                id,
                place,
                flow,
                diagnosis.code(),
                diagnosis.severity(),
                redactor.redact(FailureData.summary(place, diagnosis, evidence.failure())),
                1,
                0,
                EventIds.of("incident", id, 0L),
                clock.instant());
    }

    private Incident further(Incident known, Diagnosis diagnosis, Evidence evidence) {
        long occurrences = known.occurrences() + 1;
        return new Incident(
                known.id(),
                known.place(),
                known.flow(),
                diagnosis.code(),
                grown(diagnosis.severity(), occurrences, known.openedAt()),
                redactor.redact(FailureData.summary(known.place(), diagnosis, evidence.failure())),
                occurrences,
                known.sequence() + 1,
                known.triggerEvent(),
                known.openedAt());
    }

    /** A warning that stays becomes an error. */
    private Severity grown(Severity severity, long occurrences, Instant since) {
        boolean stays = occurrences >= WARNING_RUNS || clock.instant().isAfter(since.plus(WARNING_AGE));
        return stays ? severity.worse(Severity.ERROR) : severity;
    }

    private Incident resolve(Handle tx, Incident incident, Occasion occasion) {
        ObjectNode data = lastData(tx, incident);
        String summary = incident.place() + ": well again, was: " + incident.summary();
        data.put("state", "resolve");
        data.put("severity", Severity.INFO.wireName());
        data.put("severityNumber", 0);
        data.put("summary", summary.length() > 1024 ? summary.substring(0, 1024) : summary);
        data.put("resolvedAt", clock.instant().toString());
        data.put("expiresAt", occasion.expiresAt().toString());
        ((ObjectNode) data.path("run"))
                .put("id", Long.toString(occasion.runId()))
                .put("startedAt", occasion.startedAt().toString())
                .put("cause", occasion.cause());
        data.remove("evidence");
        Incident last = new Incident(
                incident.id(),
                incident.place(),
                incident.flow(),
                incident.code(),
                Severity.INFO,
                data.path("summary").asText(),
                incident.occurrences(),
                incident.sequence() + 1,
                incident.triggerEvent(),
                incident.openedAt());
        tx.execute(
                "UPDATE incident SET is_open = 0, sequence = ?, updated_at = ?, resolved_at = ? WHERE id = ?",
                last.sequence(),
                clock.millis(),
                clock.millis(),
                last.id());
        tx.execute("UPDATE incident_cause SET is_active = 0 WHERE incident_id = ?", last.id());
        tell(tx, last, data, occasion);
        return last;
    }

    private void tell(Handle tx, Incident incident, ObjectNode data, Occasion occasion) {
        Map<String, String> extensions = incident.sequence() == 0
                ? Map.of("correlationid", Long.toString(occasion.runId()), "traceparent", occasion.traceparent())
                : Map.of(
                        "correlationid",
                        Long.toString(occasion.runId()),
                        "traceparent",
                        occasion.traceparent(),
                        "causationid",
                        incident.triggerEvent());
        String id = EventIds.of("incident", incident.id(), incident.sequence());
        String key = Incident.dedupKey(incident.place(), incident.flow());
        outbox.append(tx, topic, Event.of(id, TYPE, incident.place(), key, clock.instant(), extensions, data));
    }

    private void keep(Handle tx, Incident incident, ObjectNode data) {
        tx.createUpdate(
                        "INSERT INTO incident (id, dedup_key, site, account, va, flow, is_open, code, severity, summary,"
                                + " occurrences, sequence, trigger_event, last_data, opened_at, updated_at)"
                                + " VALUES (:id, :key, :site, :account, :va, :flow, 1, :code, :severity, :summary,"
                                + " :occurrences, :sequence, :trigger, :data, :opened, :now)"
                                + " ON CONFLICT (id) DO UPDATE SET code = excluded.code, severity = excluded.severity,"
                                + " summary = excluded.summary, occurrences = excluded.occurrences,"
                                + " sequence = excluded.sequence, last_data = excluded.last_data,"
                                + " updated_at = excluded.updated_at")
                .bind("id", incident.id())
                .bind("key", Incident.dedupKey(incident.place(), incident.flow()))
                .bind("site", incident.place().site())
                .bind("account", incident.place().account())
                .bind("va", incident.place().va())
                .bind("flow", incident.flow().wireName())
                .bind("code", incident.code())
                .bind("severity", incident.severity().wireName())
                .bind("summary", incident.summary())
                .bind("occurrences", incident.occurrences())
                .bind("sequence", incident.sequence())
                .bind("trigger", incident.triggerEvent())
                .bind("data", data.toString())
                .bind("opened", incident.openedAt().toEpochMilli())
                .bind("now", clock.millis())
                .execute();
    }

    private void keepCauses(Handle tx, Incident incident, Diagnosis diagnosis) {
        tx.execute("UPDATE incident_cause SET is_active = 0 WHERE incident_id = ?", incident.id());
        keepCause(tx, incident, diagnosis.code(), diagnosis.confidence());
        diagnosis.others().forEach(other -> keepCause(tx, incident, other.code(), other.confidence()));
    }

    private void keepCause(Handle tx, Incident incident, String code, Diagnosis.Confidence confidence) {
        tx.execute(
                "INSERT INTO incident_cause (incident_id, code, confidence, is_active, first_at, last_at)"
                        + " VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (incident_id, code) DO UPDATE SET"
                        + " confidence = excluded.confidence, is_active = 1, last_at = excluded.last_at",
                incident.id(),
                code,
                confidence.wireName(),
                clock.millis(),
                clock.millis());
    }

    private void keepEvidence(Handle tx, Incident incident, Occasion occasion, String body) {
        tx.execute(
                "INSERT INTO evidence (incident_id, sequence, run_id, collected_at, sha256, body)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                incident.id(),
                incident.sequence(),
                occasion.runId(),
                clock.millis(),
                sha256(body),
                body);
    }

    private static ObjectNode lastData(Handle tx, Incident incident) {
        String json = tx.createQuery("SELECT last_data FROM incident WHERE id = :id")
                .bind("id", incident.id())
                .mapTo(String.class)
                .one();
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("incident " + incident.id() + " holds broken data", e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static Incident incident(ResultSet row) throws SQLException {
        return new Incident(
                row.getString("id"),
                new Place(row.getString("site"), row.getString("account"), row.getString("va")),
                Flow.valueOf(row.getString("flow").toUpperCase(Locale.ROOT)),
                row.getString("code"),
                Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                row.getString("summary"),
                row.getLong("occurrences"),
                row.getLong("sequence"),
                row.getString("trigger_event"),
                Instant.ofEpochMilli(row.getLong("opened_at")));
    }
}
