package io.licenserelay.incident;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.EvidenceForm;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.Digests;
import io.licenserelay.event.Event;
import io.licenserelay.event.EventIds;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.RelayIdentity;
import io.licenserelay.event.hook.Enrichment;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.incident.bundle.BundleContent;
import io.licenserelay.incident.bundle.BundleReference;
import io.licenserelay.incident.event.ConcernedJson;
import io.licenserelay.incident.event.EventSizeLimit;
import io.licenserelay.incident.event.FailureData;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.incident.event.ResolveData;
import io.licenserelay.incident.event.ShortEvidence;
import io.licenserelay.incident.event.Sightings;
import io.licenserelay.incident.projection.Projections;
import io.licenserelay.redact.Redactor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, updates and resolves incidents. Each change and its event are written in the caller's transaction. A place and
 * flow has at most one open incident. An incident has one trigger, any number of updates, and one resolve. Everything
 * is redacted before it is stored.
 */
public final class Incidents {
    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final String TYPE = "io.licenserelay.failure.v1";
    private static final String RECOVERED = "recovered";
    private static final String DATAREF = "dataref";
    private static final String CAUSE_CHANGED = "causeChanged";
    private static final int WARNING_RUNS = 3;
    private static final Duration NEAR_DEADLINE = Duration.ofDays(7);
    private static final Duration WARNING_AGE = Duration.ofHours(72);

    private final Outbox outbox;
    private final Redactor redactor;
    private final Clock clock;
    private final Clock deadlines;
    private final BundleReference bundles;
    private final String topic;
    private final EvidenceForm evidenceForm;
    private final RelayIdentity relay;
    private final FailureData failureData;
    private final EventSizeLimit sizeLimit;
    private final FlapDetector flapping;
    private final Projections projections;
    private final IncidentTable table = new IncidentTable();
    private volatile IncidentListener listener = IncidentListener.NONE;

    /**
     * @param bundles how events name the evidence bundles
     * @param relay the relay that writes the events
     * @param clock the wall clock, for the times in events
     * @param deadlines the clock for severities that rise with time; a wall clock that was set forward must not raise
     *     the severity of every open incident
     */
    public Incidents(
            Outbox outbox,
            Redactor redactor,
            Settings settings,
            BundleReference bundles,
            RelayIdentity relay,
            Clock clock,
            Clock deadlines) {
        this.outbox = outbox;
        this.redactor = redactor;
        this.clock = clock;
        this.deadlines = deadlines;
        this.bundles = bundles;
        this.topic = settings.topic(Topic.FAILURES);
        this.evidenceForm = settings.evidenceForm();
        this.failureData = new FailureData(settings.docsBase(), relay);
        this.relay = relay;
        this.sizeLimit = new EventSizeLimit(settings.maxEventBytes()
                - dataref(new UUID(0, 0).toString()).orElse("").length());
        this.flapping = new FlapDetector(settings.flap());
        this.projections = new Projections(settings);
    }

    /** Reports incidents that are opened from now on. */
    public void listen(IncidentListener opened) {
        listener = opened;
    }

    /**
     * Records a failure: opens the incident of its place and flow, or updates it. An update without changes is
     * published only when the previous event expires soon.
     */
    public Incident record(Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext context) {
        return record(tx, diagnosis, evidence, context, ConcernedItems.NOTHING);
    }

    /** The same with the data that the hook {@code enrich-incident} adds. If only these data changed, no update is published. */
    public Incident record(
            Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext context, Enrichment enrichment) {
        return record(tx, diagnosis, evidence, context, ConcernedItems.NOTHING, enrichment);
    }

    /** The redacted data of the event that {@link #record} would publish now. Writes nothing. */
    public ObjectNode preview(Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext context) {
        Optional<Incident> open =
                table.open(tx, evidence.failure().place(), evidence.failure().flow());
        Incident incident = next(open, diagnosis, evidence, context);
        ObjectNode data = failureData.of(incident, state(open), diagnosis, linesRedacted(evidence), context);
        return redacted(data);
    }

    /**
     * The same for an incident that concerns certain licenses, subscriptions or devices.
     *
     * @param concerned the affected items, which every event of the incident repeats
     */
    public Incident record(
            Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext context, ConcernedItems concerned) {
        return record(tx, diagnosis, evidence, context, concerned, Enrichment.NONE);
    }

    private Incident record(
            Handle tx,
            Diagnosis diagnosis,
            Evidence evidence,
            IncidentContext context,
            ConcernedItems concerned,
            Enrichment enrichment) {
        Optional<Incident> open =
                table.open(tx, evidence.failure().place(), evidence.failure().flow());
        Incident incident = next(open, diagnosis, evidence, context);
        ObjectNode data = failureData.of(incident, state(open), diagnosis, linesRedacted(evidence), context);
        ConcernedJson.into(data, concerned);
        enrichment.into(data);
        ObjectNode redacted = redacted(data);
        open.filter(known -> !known.code().equals(incident.code())).ifPresent(known -> redacted.putObject(CAUSE_CHANGED)
                .put("from", known.code())
                .put("to", incident.code()));
        Instant now = clock.instant();
        ObjectNode evidenceNode = (ObjectNode) redacted.path("evidence");
        String fullEvidence = evidenceNode.toString();
        ObjectNode dataref = redacted.putObject(DATAREF);
        bundles.command(incident.id()).ifPresent(command -> dataref.put("command", command));
        dataref.put("entry", BundleContent.entryName(incident.sequence()))
                .put("sha256", Digests.sha256(fullEvidence.getBytes(StandardCharsets.UTF_8)));
        redacted.set(
                "evidence",
                switch (evidenceForm) {
                    case SHORT ->
                        ShortEvidence.of(evidenceNode, evidence.failure().at());
                    case FULL -> ShortEvidence.full(evidenceNode);
                });
        sizeLimit.fit(redacted, incident);
        table.saveCauses(tx, incident, diagnosis, now);
        if (open.isPresent()) {
            ObjectNode published = table.lastData(tx, open.get());
            if (!IncidentNews.hasChanged(redacted, published) && !isDue(published, context)) {
                Incident same = open.get().withSightings(incident.sightings());
                table.save(tx, same, published, now);
                return same;
            }
        }
        table.save(tx, incident, redacted, now);
        table.saveEvidence(tx, incident, context.runId(), fullEvidence, now);
        publish(tx, incident, redacted, context, open.map(Incident::severity).orElse(null));
        if (open.isEmpty()) {
            tx.afterCommit(() -> listener.opened(incident));
        }
        return incident;
    }

    private Incident next(Optional<Incident> open, Diagnosis diagnosis, Evidence evidence, IncidentContext context) {
        return open.map(known -> next(known, diagnosis, evidence, context))
                .orElseGet(() ->
                        trigger(evidence.failure().place(), evidence.failure().flow(), diagnosis, evidence, context));
    }

    private static String state(Optional<Incident> open) {
        return open.isPresent() ? "update" : "trigger";
    }

    private ObjectNode redacted(ObjectNode data) {
        ObjectNode redacted = (ObjectNode) redactor.redact(data);
        FailureData.restoreFixedWords(redacted, data);
        return redacted;
    }

    public boolean isOpen(Handle tx, Place place, Flow flow) {
        return table.isOpen(tx, place, flow);
    }

    /**
     * Records that the place and flow is healthy, and resolves its open incident. An incident that recovered too often
     * recently stays open until it was healthy for long enough; one update reports this.
     *
     * @return the resolved incident
     */
    public Optional<Incident> clear(Handle tx, Place place, Flow flow, IncidentContext context) {
        Optional<Incident> open = table.open(tx, place, flow);
        if (open.isPresent() && staysOpen(tx, open.get())) {
            publishRecovery(tx, open.get(), context);
            return Optional.empty();
        }
        return open.map(incident -> resolve(tx, incident, RECOVERED, context));
    }

    /** Resolves the open incident, if any, for the given reason instead of a recovery. */
    public Optional<Incident> clear(Handle tx, Place place, Flow flow, String why, IncidentContext context) {
        return table.open(tx, place, flow).map(incident -> resolve(tx, incident, why, context));
    }

    private boolean staysOpen(Handle tx, Incident incident) {
        Instant now = clock.instant();
        Instant countingSince = flapping.countingSince(now);
        return flapping.staysOpen(
                incident, table.recoveries(tx, incident.place(), incident.flow(), countingSince), now);
    }

    /** Publishes one update that the flapping incident has recovered, and repeats it before it expires. */
    private void publishRecovery(Handle tx, Incident incident, IncidentContext context) {
        ObjectNode data = table.lastData(tx, incident);
        if (incident.wellSince() != null && !isDue(data, context)) {
            return;
        }
        Incident recovered = flapping.recovered(incident, data, clock.instant());
        update(tx, recovered, data, context, incident.severity());
    }

    /**
     * Whether the newest event has to be renewed now, because it expires before the run or check after the next one.
     */
    private static boolean isDue(ObjectNode published, IncidentContext context) {
        return context.renews(Instant.parse(published.path("expiresAt").asText()));
    }

    /** Publishes an update with the data of the last event and the given changes. */
    private void update(Handle tx, Incident incident, ObjectNode data, IncidentContext context, Severity before) {
        data.put("state", "update");
        addRun(data, incident, context);
        sizeLimit.fit(data, incident);
        table.save(tx, incident, data, clock.instant());
        publish(tx, incident, data, context, before);
    }

    /** Open incidents that runs do not observe again while they last: those of reports and of the relay itself. */
    public List<Incident> unobserved(Handle tx) {
        return table.open(tx).stream()
                .filter(incident -> incident.flow() == Flow.PUSH || incident.flow() == Flow.RELAY)
                .filter(incident -> incident.wellSince() == null)
                .toList();
    }

    /**
     * Publishes an update for an incident that runs do not observe again, before its newest event expires.
     *
     * @param id the id of the incident; no effect if it is resolved or its event does not expire soon
     */
    public Optional<Incident> renew(Handle tx, String id, IncidentContext context) {
        Optional<Incident> open = table.openWithId(tx, id);
        if (open.isEmpty()) {
            return open;
        }
        ObjectNode data = table.lastData(tx, open.get());
        if (!isDue(data, context)) {
            return Optional.empty();
        }
        Incident again = open.get().next(open.get().severity(), open.get().summary());
        update(tx, again, data, context, open.get().severity());
        return Optional.of(again);
    }

    /** Open flapping incidents that have been healthy for long enough. */
    public List<Incident> stable(Handle tx) {
        return table.open(tx).stream()
                .filter(incident -> isStable(tx, incident))
                .toList();
    }

    private boolean isStable(Handle tx, Incident incident) {
        return incident.wellSince() != null && !staysOpen(tx, incident);
    }

    /**
     * Resolves an incident that has been healthy for long enough.
     *
     * @param id the id of the incident; no effect if it is resolved or failing again
     */
    public Optional<Incident> resolveStable(Handle tx, String id, IncidentContext context) {
        return table.openWithId(tx, id)
                .filter(incident -> isStable(tx, incident))
                .map(incident -> resolve(tx, incident, RECOVERED, context));
    }

    /**
     * Resolves the incidents of places that are no longer monitored.
     *
     * @param left returns why a place is no longer monitored; empty if it is monitored
     */
    public void retire(Handle tx, Function<Place, Optional<String>> left, IncidentContext context) {
        for (Incident incident : table.open(tx)) {
            left.apply(incident.place()).ifPresent(why -> resolve(tx, incident, why, context));
        }
    }

    /** Open incidents whose severity has risen with time since their last event. */
    public List<Incident> withRisenSeverity(Handle tx) {
        return table.open(tx).stream()
                .filter(incident -> incident.severity() != Severity.CRITICAL && incident.wellSince() == null)
                .filter(incident -> severityByTime(tx, incident) != incident.severity())
                .toList();
    }

    /**
     * Publishes an update with the severity that has risen with time. The number of occurrences stays, because no run
     * observed the incident again.
     *
     * @param id the id of the incident; no effect if it is resolved or its severity has not risen
     */
    public Optional<Incident> raise(Handle tx, String id, IncidentContext context) {
        Optional<Incident> open = table.openWithId(tx, id);
        Severity severity = open.map(incident -> severityByTime(tx, incident)).orElse(null);
        if (severity == null || severity == open.get().severity()) {
            return Optional.empty();
        }
        Incident risen = open.get().next(severity, open.get().summary());
        ObjectNode data = table.lastData(tx, risen);
        data.put("severity", severity.wireName());
        data.put("severityNumber", severity.number());
        update(tx, risen, data, context, open.get().severity());
        return Optional.of(risen);
    }

    /** Whether the place and flow is failing now. A flapping incident may be open while its place is healthy. */
    public boolean isFailing(Handle tx, Place place, Flow flow) {
        return table.open(tx, place, flow)
                .filter(incident -> incident.wellSince() == null)
                .isPresent();
    }

    /** Every open incident, oldest first. */
    public List<Incident> open(Handle tx) {
        return table.open(tx);
    }

    private Incident trigger(Place place, Flow flow, Diagnosis diagnosis, Evidence evidence, IncidentContext context) {
        String id = UUID.randomUUID().toString();
        return new Incident(
                id,
                place,
                flow,
                diagnosis.code(),
                escalated(diagnosis.severity(), deadline(context)),
                summary(place, diagnosis, evidence),
                Sightings.NONE.and(context),
                0,
                EventIds.of("incident", id, 0L),
                // In milliseconds, the precision of the table, so that all events of the incident have the same time.
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                false,
                null);
    }

    private Incident next(Incident known, Diagnosis diagnosis, Evidence evidence, IncidentContext context) {
        Sightings sightings = known.sightings().and(context);
        return new Incident(
                known.id(),
                known.place(),
                known.flow(),
                diagnosis.code(),
                escalated(raised(diagnosis.severity(), sightings, known.openedAt()), deadline(context)),
                summary(known.place(), diagnosis, evidence),
                sightings,
                known.sequence() + 1,
                known.triggerEvent(),
                known.openedAt(),
                known.flapping(),
                null);
    }

    /** Redacts all lines of a log as one text, because a secret such as a private key may span several lines. */
    private Evidence linesRedacted(Evidence evidence) {
        List<LogExcerpt> excerpts = evidence.excerpts().stream()
                .map(log -> log.with(redactor.redactLines(log.lines())))
                .toList();
        return new Evidence(evidence.failure(), evidence.probes(), excerpts, evidence.findings());
    }

    /** The summary is shortened after redaction, because a redaction mark may be longer than the secret. */
    private String summary(Place place, Diagnosis diagnosis, Evidence evidence) {
        return FailureData.line(redactor.redact(FailureData.summary(place, diagnosis, evidence.failure())));
    }

    /** Raises a persistent warning to an error. Severity info never rises. */
    private Severity raised(Severity severity, Sightings sightings, Instant since) {
        boolean persists =
                sightings.escalating() >= WARNING_RUNS || deadlines.instant().isAfter(since.plus(WARNING_AGE));
        return persists && severity == Severity.WARNING ? Severity.ERROR : severity;
    }

    /** Raises the severity to critical if the deadline is near. */
    private Severity escalated(Severity severity, @Nullable Instant deadline) {
        boolean near = deadline != null && deadlines.instant().isAfter(deadline.minus(NEAR_DEADLINE));
        return near ? Severity.CRITICAL : severity;
    }

    private Severity severityByTime(Handle tx, Incident incident) {
        Severity raised = raised(incident.severity(), incident.sightings(), incident.openedAt());
        String deadline = table.lastData(tx, incident).at("/impact/at").asText();
        return escalated(raised, deadline.isEmpty() ? null : Instant.parse(deadline));
    }

    private Optional<String> dataref(String incident) {
        return bundles.uri(incident);
    }

    private static @Nullable Instant deadline(IncidentContext context) {
        return context.impact() == null ? null : context.impact().at();
    }

    private Incident resolve(Handle tx, Incident incident, String why, IncidentContext context) {
        Instant now = clock.instant();
        boolean healthy = why.equals(RECOVERED);
        ObjectNode data = ResolveData.of(incident, table.lastData(tx, incident), why, healthy, context, now);
        data.set("relay", relay.toJson());
        Incident last = incident.next(Severity.INFO, data.path("summary").asText());
        table.close(tx, last, now);
        sizeLimit.fit(data, last);
        publish(tx, last, data, context, incident.severity());
        tx.afterCommit(() -> LOG.info("{}", last.summary()));
        return last;
    }

    private void addRun(ObjectNode data, Incident incident, IncidentContext context) {
        data.put("occurrences", incident.occurrences());
        data.put("expiresAt", context.expiresAt().toString());
        data.set("run", FailureData.run(context));
        data.set("relay", relay.toJson());
        // Only the event of the change has this field.
        data.remove(CAUSE_CHANGED);
    }

    /** @param before the severity of the last event; null for a trigger */
    private void publish(
            Handle tx, Incident incident, ObjectNode data, IncidentContext context, @Nullable Severity before) {
        Map<String, String> extensions = new TreeMap<>();
        extensions.put("correlationid", Long.toString(context.runId()));
        extensions.put("traceparent", context.traceparent());
        if (incident.sequence() > 0) {
            extensions.put("causationid", incident.triggerEvent());
        }
        if (data.has(DATAREF)) {
            dataref(incident.id()).ifPresent(uri -> extensions.put(DATAREF, uri));
        }
        String id = EventIds.of("incident", incident.id(), incident.sequence());
        String key = incident.publishedKey(relay.name());
        Instant now = clock.instant();
        outbox.append(tx, topic, Event.of(id, TYPE, relay.source(incident.place()), key, now, extensions, data));
        projections.of(id, key, now, data, before).forEach((where, record) -> outbox.append(tx, where, record));
    }
}
