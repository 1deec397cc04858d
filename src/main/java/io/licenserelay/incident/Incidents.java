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
import io.licenserelay.incident.bundle.EvidenceBundles;
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
import java.nio.file.Path;
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
 * Opens, updates and resolves incidents, each change with its event in the caller's transaction. At most one is open for a
 * place and flow; it has one trigger, any number of updates, and one resolve. Everything is redacted before it is kept.
 */
public final class Incidents {
    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final String TYPE = "io.licenserelay.failure.v1";
    private static final String WELL = "well again";
    private static final String DATAREF = "dataref";
    private static final String CAUSE_CHANGED = "causeChanged";
    private static final int WARNING_RUNS = 3;
    private static final Duration PRESSING = Duration.ofDays(7);
    private static final Duration WARNING_AGE = Duration.ofHours(72);

    private final Outbox outbox;
    private final Redactor redactor;
    private final Clock clock;
    private final Clock deadlines;
    private final Path bundles;
    private final String topic;
    private final EvidenceForm evidenceForm;
    private final RelayIdentity relay;
    private final FailureData failureData;
    private final EventSizeLimit fitting;
    private final FlapDetector flapping;
    private final Projections projections;
    private final IncidentTable table = new IncidentTable();

    /**
     * @param bundles where the file with an incident's whole evidence will lie
     * @param relay that writes the events
     * @param clock the wall clock, for the times that events bear
     * @param deadlines by which an incident grows severe; a wall clock that was set forward must not make every open incident severe
     */
    public Incidents(
            Outbox outbox,
            Redactor redactor,
            Settings settings,
            Path bundles,
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
        this.fitting = new EventSizeLimit(
                settings.maxEventBytes() - dataref(new UUID(0, 0).toString()).length());
        this.flapping = new FlapDetector(settings.flap());
        this.projections = new Projections(settings);
    }

    /**
     * The place and flow of the evidence's failure is not well: opens its incident, or tells that it goes on. An update without news
     * is told only when the event before it would expire soon.
     */
    public Incident record(Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext occasion) {
        return record(tx, diagnosis, evidence, occasion, ConcernedItems.NOTHING);
    }

    /** The same with what the hook {@code enrich-incident} adds; a change of that alone is no news. */
    public Incident record(
            Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext occasion, Enrichment enrichment) {
        return record(tx, diagnosis, evidence, occasion, ConcernedItems.NOTHING, enrichment);
    }

    /** The data, redacted, of the event that {@link #record} would tell now; nothing is written. */
    public ObjectNode preview(Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext occasion) {
        Optional<Incident> open =
                table.open(tx, evidence.failure().place(), evidence.failure().flow());
        Incident incident = next(open, diagnosis, evidence, occasion);
        ObjectNode data = failureData.of(incident, state(open), diagnosis, linesRedacted(evidence), occasion);
        return redacted(data);
    }

    /**
     * The same of an incident that is about certain licenses, subscriptions or devices.
     *
     * @param concerned told anew by every event of the incident
     */
    public Incident record(
            Handle tx, Diagnosis diagnosis, Evidence evidence, IncidentContext occasion, ConcernedItems concerned) {
        return record(tx, diagnosis, evidence, occasion, concerned, Enrichment.NONE);
    }

    private Incident record(
            Handle tx,
            Diagnosis diagnosis,
            Evidence evidence,
            IncidentContext occasion,
            ConcernedItems concerned,
            Enrichment enrichment) {
        Optional<Incident> open =
                table.open(tx, evidence.failure().place(), evidence.failure().flow());
        Incident incident = next(open, diagnosis, evidence, occasion);
        ObjectNode data = failureData.of(incident, state(open), diagnosis, linesRedacted(evidence), occasion);
        ConcernedJson.into(data, concerned);
        enrichment.into(data);
        ObjectNode redacted = redacted(data);
        open.filter(known -> !known.code().equals(incident.code())).ifPresent(known -> redacted.putObject(CAUSE_CHANGED)
                .put("from", known.code())
                .put("to", incident.code()));
        Instant now = clock.instant();
        ObjectNode evidenceNode = (ObjectNode) redacted.path("evidence");
        String whole = evidenceNode.toString();
        redacted.putObject(DATAREF)
                .put("entry", EvidenceBundles.evidenceName(incident.sequence()))
                .put("sha256", Digests.sha256(whole.getBytes(StandardCharsets.UTF_8)));
        redacted.set(
                "evidence",
                switch (evidenceForm) {
                    case SHORT ->
                        ShortEvidence.of(evidenceNode, evidence.failure().at());
                    case FULL -> ShortEvidence.whole(evidenceNode);
                });
        fitting.fit(redacted, incident);
        table.keepCauses(tx, incident, diagnosis, now);
        if (open.isPresent()) {
            ObjectNode published = table.lastData(tx, open.get());
            if (!IncidentNews.isIn(redacted, published) && !isDue(published, occasion)) {
                Incident same = open.get().withSightings(incident.sightings());
                table.keep(tx, same, published, now);
                return same;
            }
        }
        table.keep(tx, incident, redacted, now);
        table.keepEvidence(tx, incident, occasion.runId(), whole, now);
        publish(tx, incident, redacted, occasion, open.map(Incident::severity).orElse(null));
        return incident;
    }

    private Incident next(Optional<Incident> open, Diagnosis diagnosis, Evidence evidence, IncidentContext occasion) {
        return open.map(known -> further(known, diagnosis, evidence, occasion))
                .orElseGet(() ->
                        first(evidence.failure().place(), evidence.failure().flow(), diagnosis, evidence, occasion));
    }

    private static String state(Optional<Incident> open) {
        return open.isPresent() ? "update" : "trigger";
    }

    private ObjectNode redacted(ObjectNode data) {
        ObjectNode redacted = (ObjectNode) redactor.redact(data);
        FailureData.ourWordsStay(redacted, data);
        return redacted;
    }

    public boolean isOpen(Handle tx, Place place, Flow flow) {
        return table.isOpen(tx, place, flow);
    }

    /**
     * The place and flow is well: its incident, if one is open, is resolved. One that recovered too often lately stays open,
     * which one update tells, until it was well for long enough.
     *
     * @return what was resolved
     */
    public Optional<Incident> clear(Handle tx, Place place, Flow flow, IncidentContext occasion) {
        Optional<Incident> open = table.open(tx, place, flow);
        if (open.isPresent() && rests(tx, open.get())) {
            rest(tx, open.get(), occasion);
            return Optional.empty();
        }
        return open.map(incident -> resolve(tx, incident, WELL, occasion));
    }

    /** Resolves the incident, if one is open, for another reason than that it is well. */
    public Optional<Incident> clear(Handle tx, Place place, Flow flow, String why, IncidentContext occasion) {
        return table.open(tx, place, flow).map(incident -> resolve(tx, incident, why, occasion));
    }

    private boolean rests(Handle tx, Incident incident) {
        Instant now = clock.instant();
        Instant lately = flapping.lately(now);
        return flapping.rests(incident, table.recoveries(tx, incident.place(), incident.flow(), lately), now);
    }

    /** It is well, and is not believed yet: that is told once, and again before it expires. */
    private void rest(Handle tx, Incident incident, IncidentContext occasion) {
        ObjectNode data = table.lastData(tx, incident);
        if (incident.wellSince() != null && !isDue(data, occasion)) {
            return;
        }
        Incident resting = flapping.resting(incident, data, clock.instant());
        update(tx, resting, data, occasion, incident.severity());
    }

    /** Whether the newest event expires before the next but one run or look could renew it. */
    private static boolean isDue(ObjectNode published, IncidentContext occasion) {
        return occasion.renews(Instant.parse(published.path("expiresAt").asText()));
    }

    /** Tells what was told before once more, with what has changed in it. */
    private void update(Handle tx, Incident incident, ObjectNode data, IncidentContext occasion, Severity before) {
        data.put("state", "update");
        happened(data, incident, occasion);
        fitting.fit(data, incident);
        table.keep(tx, incident, data, clock.instant());
        publish(tx, incident, data, occasion, before);
    }

    /** Open incidents that no run sees again while they stay: of reports, and of the relay itself. */
    public List<Incident> unobserved(Handle tx) {
        return table.open(tx).stream()
                .filter(incident -> incident.flow() == Flow.PUSH || incident.flow() == Flow.RELAY)
                .filter(incident -> incident.wellSince() == null)
                .toList();
    }

    /**
     * Tells once more of an incident that no run may see again while it stays, before its newest event expires.
     *
     * @param id of the incident; nothing happens when it is resolved, or its event does not expire soon
     */
    public Optional<Incident> renew(Handle tx, String id, IncidentContext occasion) {
        Optional<Incident> open = table.openWithId(tx, id);
        if (open.isEmpty()) {
            return open;
        }
        ObjectNode data = table.lastData(tx, open.get());
        if (!isDue(data, occasion)) {
            return Optional.empty();
        }
        Incident again = open.get().next(open.get().severity(), open.get().summary());
        update(tx, again, data, occasion, open.get().severity());
        return Optional.of(again);
    }

    /** Open incidents that flapped and have been well for long enough. */
    public List<Incident> rested(Handle tx) {
        return table.open(tx).stream()
                .filter(incident -> isRested(tx, incident))
                .toList();
    }

    private boolean isRested(Handle tx, Incident incident) {
        return incident.wellSince() != null && !rests(tx, incident);
    }

    /**
     * It was well for long enough: it is resolved.
     *
     * @param id of the incident; nothing happens when it is resolved, or not well any more
     */
    public Optional<Incident> settle(Handle tx, String id, IncidentContext occasion) {
        return table.openWithId(tx, id)
                .filter(incident -> isRested(tx, incident))
                .map(incident -> resolve(tx, incident, WELL, occasion));
    }

    /**
     * Places that are watched no more are nobody's trouble: their incidents, of whatever flow, are resolved.
     *
     * @param left says of a place why it is watched no more; empty when it still is
     */
    public void retire(Handle tx, Function<Place, Optional<String>> left, IncidentContext occasion) {
        for (Incident incident : table.open(tx)) {
            left.apply(incident.place()).ifPresent(why -> resolve(tx, incident, why, occasion));
        }
    }

    /** Open incidents that are worse by the clock than was told of them last. */
    public List<Incident> risen(Handle tx) {
        return table.open(tx).stream()
                .filter(incident -> incident.severity() != Severity.CRITICAL && incident.wellSince() == null)
                .filter(incident -> byClock(tx, incident) != incident.severity())
                .toList();
    }

    /**
     * Time alone made the incident worse: an update tells it. No run saw it again, so its occurrences stay as they are.
     *
     * @param id of the incident; nothing happens when it is resolved, or not worse any more
     */
    public Optional<Incident> rise(Handle tx, String id, IncidentContext occasion) {
        Optional<Incident> open = table.openWithId(tx, id);
        Severity severity = open.map(incident -> byClock(tx, incident)).orElse(null);
        if (severity == null || severity == open.get().severity()) {
            return Optional.empty();
        }
        Incident risen = open.get().next(severity, open.get().summary());
        ObjectNode data = table.lastData(tx, risen);
        data.put("severity", severity.wireName());
        data.put("severityNumber", severity.number());
        update(tx, risen, data, occasion, open.get().severity());
        return Optional.of(risen);
    }

    /** Whether the place and flow is known not to be well; one that flaps may be well for the time being. */
    public boolean isFailing(Handle tx, Place place, Flow flow) {
        return table.open(tx, place, flow)
                .filter(incident -> incident.wellSince() == null)
                .isPresent();
    }

    /** Every open incident, oldest first. */
    public List<Incident> open(Handle tx) {
        return table.open(tx);
    }

    private Incident first(Place place, Flow flow, Diagnosis diagnosis, Evidence evidence, IncidentContext occasion) {
        String id = UUID.randomUUID().toString();
        return new Incident(
                id,
                place,
                flow,
                diagnosis.code(),
                pressing(diagnosis.severity(), deadline(occasion)),
                summary(place, diagnosis, evidence),
                Sightings.NONE.and(occasion),
                0,
                EventIds.of("incident", id, 0L),
                // As the table keeps it, so that all its events tell the same.
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                false,
                null);
    }

    private Incident further(Incident known, Diagnosis diagnosis, Evidence evidence, IncidentContext occasion) {
        Sightings sightings = known.sightings().and(occasion);
        return new Incident(
                known.id(),
                known.place(),
                known.flow(),
                diagnosis.code(),
                pressing(grown(diagnosis.severity(), sightings, known.openedAt()), deadline(occasion)),
                summary(known.place(), diagnosis, evidence),
                sightings,
                known.sequence() + 1,
                known.triggerEvent(),
                known.openedAt(),
                known.flapping(),
                null);
    }

    /** A secret may span lines, as a private key does, so they are read as one text before each becomes a value. */
    private Evidence linesRedacted(Evidence evidence) {
        List<LogExcerpt> excerpts = evidence.excerpts().stream()
                .map(log -> log.with(redactor.redactLines(log.lines())))
                .toList();
        return new Evidence(evidence.failure(), evidence.probes(), excerpts, evidence.findings());
    }

    /** Shortened last, since a mark may be longer than what it stands for. */
    private String summary(Place place, Diagnosis diagnosis, Evidence evidence) {
        return FailureData.line(redactor.redact(FailureData.summary(place, diagnosis, evidence.failure())));
    }

    /** A warning that stays becomes an error. What is only told for information stays that, however long it lasts. */
    private Severity grown(Severity severity, Sightings sightings, Instant since) {
        boolean stays =
                sightings.escalating() >= WARNING_RUNS || deadlines.instant().isAfter(since.plus(WARNING_AGE));
        return stays && severity == Severity.WARNING ? Severity.ERROR : severity;
    }

    /** A deadline that is near is critical, whatever it is about. */
    private Severity pressing(Severity severity, @Nullable Instant deadline) {
        boolean near = deadline != null && deadlines.instant().isAfter(deadline.minus(PRESSING));
        return near ? Severity.CRITICAL : severity;
    }

    private Severity byClock(Handle tx, Incident incident) {
        Severity grown = grown(incident.severity(), incident.sightings(), incident.openedAt());
        String deadline = table.lastData(tx, incident).at("/impact/at").asText();
        return pressing(grown, deadline.isEmpty() ? null : Instant.parse(deadline));
    }

    private String dataref(String incident) {
        return EvidenceBundles.file(bundles, incident).toUri().toString();
    }

    private static @Nullable Instant deadline(IncidentContext occasion) {
        return occasion.impact() == null ? null : occasion.impact().at();
    }

    private Incident resolve(Handle tx, Incident incident, String why, IncidentContext occasion) {
        Instant now = clock.instant();
        boolean healthy = why.equals(WELL);
        ObjectNode data = ResolveData.of(incident, table.lastData(tx, incident), why, healthy, occasion, now);
        data.set("relay", relay.toJson());
        Incident last = incident.next(Severity.INFO, data.path("summary").asText());
        table.close(tx, last, now);
        fitting.fit(data, last);
        publish(tx, last, data, occasion, incident.severity());
        tx.afterCommit(() -> LOG.info("{}", last.summary()));
        return last;
    }

    private void happened(ObjectNode data, Incident incident, IncidentContext occasion) {
        data.put("occurrences", incident.occurrences());
        data.put("expiresAt", occasion.expiresAt().toString());
        data.set("run", FailureData.run(occasion));
        data.set("relay", relay.toJson());
        // An earlier event told that.
        data.remove(CAUSE_CHANGED);
    }

    /** @param before how severe it was told to be last; null for a trigger */
    private void publish(
            Handle tx, Incident incident, ObjectNode data, IncidentContext occasion, @Nullable Severity before) {
        Map<String, String> extensions = new TreeMap<>();
        extensions.put("correlationid", Long.toString(occasion.runId()));
        extensions.put("traceparent", occasion.traceparent());
        if (incident.sequence() > 0) {
            extensions.put("causationid", incident.triggerEvent());
        }
        if (data.has(DATAREF)) {
            extensions.put(DATAREF, dataref(incident.id()));
        }
        String id = EventIds.of("incident", incident.id(), incident.sequence());
        String key = incident.publishedKey(relay.name());
        Instant now = clock.instant();
        outbox.append(tx, topic, Event.of(id, TYPE, relay.source(incident.place()), key, now, extensions, data));
        projections.of(id, key, now, data, before).forEach((where, record) -> outbox.append(tx, where, record));
    }
}
