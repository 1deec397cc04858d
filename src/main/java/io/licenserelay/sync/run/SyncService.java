package io.licenserelay.sync.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Event;
import io.licenserelay.event.EventIds;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.Provenance;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.SiteTask;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.RunLimitPassed;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.log.LogContext;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import io.licenserelay.text.Plural;
import io.licenserelay.trace.Tracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Begins and finishes runs. A site has at most one run at a time. Thread-safe. */
public final class SyncService {
    private static final Logger LOG = LoggerFactory.getLogger(SyncService.class);
    private static final String TYPE = "io.licenserelay.sync.completed.v1";

    private final Database database;
    private final Sites sites;
    private final Schedules schedules;
    private final Incidents incidents;
    private final Outbox outbox;
    private final Provenance provenance;
    private final Settings settings;
    private final Tracing tracing;
    private final Clock clock;
    private final RemovedPlaces removedPlaces;
    private final Map<String, SyncRun> running = new ConcurrentHashMap<>();
    private volatile RunListener listener = RunListener.NONE;
    private volatile boolean stopping;

    public SyncService(
            Database database,
            Sites sites,
            Schedules schedules,
            Incidents incidents,
            Outbox outbox,
            Provenance provenance,
            Settings settings,
            Tracing tracing,
            Clock clock) {
        this.database = database;
        this.sites = sites;
        this.schedules = schedules;
        this.incidents = incidents;
        this.outbox = outbox;
        this.provenance = provenance;
        this.settings = settings;
        this.tracing = tracing;
        this.clock = clock;
        this.removedPlaces = new RemovedPlaces(sites);
    }

    /** Reports runs that end from now on. */
    public void listen(RunListener runs) {
        listener = runs;
    }

    /**
     * Begins a run.
     *
     * @return null if a sync of the site is already running
     * @throws Sites.UnknownSite when the site does not exist
     */
    public synchronized @Nullable SyncRun begin(@Body SyncRequest request) {
        Site site = sites.named(request.site());
        if (running.containsKey(site.name())) {
            LOG.info(
                    "{}: a sync is already running; ignored a request by {}",
                    site.name(),
                    request.cause().wireName());
            return null;
        }
        Instant now = clock.instant();
        // The trace of this thread; the transaction runs on the thread of the writer.
        String traceparent = tracing.traceparent();
        SyncRun run = database.write(site.name(), tx -> {
            long id = firstId(tx, now);
            SyncRun newRun = newRun(id, site, request, traceparent, now);
            // Another relay may begin a run of another site in the same millisecond.
            while (!insert(tx, newRun)) {
                newRun = newRun(++id, site, request, traceparent, now);
            }
            return newRun;
        });
        running.put(site.name(), run);
        tracing.describeRun(run.runId(), site.name(), request.cause().wireName());
        // The route has no variable for the run yet, so its steps do not set the context.
        try (LogContext.Scope scope = LogContext.of(site.place(), run.runId(), run.traceId())) {
            LOG.info(
                    "{}: sync {} begins ({})",
                    site.name(),
                    run.id(),
                    request.cause().wireName());
        }
        return run;
    }

    /**
     * Checks the time limit before a request of a task. Only runs have a limit; a check between runs sends few
     * requests.
     *
     * @throws RunLimitPassed when the current part of the run has exceeded its time limit
     */
    public void checkTime(SiteTask task, HttpCall next) throws RunLimitPassed {
        if (task instanceof SyncRun run && run.isOverdue()) {
            throw limitPassed(run, "stopped before " + next.method() + " " + next.url() + " for " + next.place());
        }
    }

    /** Whether another device may be visited. Counts the device if it may not. */
    public boolean mayVisitDevice(SiteTask task) {
        if (task instanceof SyncRun run && run.isOverdue()) {
            run.skipDevice();
            return false;
        }
        return true;
    }

    /** @throws RunLimitPassed when devices were skipped because of the time limit */
    public void checkAllDevicesVisited(SiteTask task) throws RunLimitPassed {
        if (task instanceof SyncRun run && run.skippedDevices() > 0) {
            throw limitPassed(
                    run,
                    "stopped before " + Plural.of(run.skippedDevices(), "device was", "devices were") + " visited");
        }
    }

    private static RunLimitPassed limitPassed(SyncRun run, String what) {
        return new RunLimitPassed("this part of the run has lasted longer than "
                + run.limit().toSeconds() + " s (relay.run.limit) and was " + what);
    }

    /**
     * Begins the next part of the run with its own time limit, so that a slow list does not prevent sending reports.
     */
    public void beginPart(SiteTask task) {
        if (task instanceof SyncRun run) {
            run.beginPart();
        }
    }

    /** The current run of the site; empty if none. */
    public Optional<SyncRun> current(String site) {
        return Optional.ofNullable(running.get(site));
    }

    private synchronized void remove(SyncRun run) {
        running.remove(run.site().name());
    }

    /**
     * The relay is stopping. Failures from now on may be caused by the stop and are not reported. A run with failures
     * stays open and is repeated at the next start.
     */
    public void stop() {
        stopping = true;
    }

    /**
     * The grouped failures to investigate. Failures of the relay's own database are reported where they are detected.
     */
    public List<Failure> failures(SyncRun run) {
        return isAbandoned(run)
                ? List.of()
                : grouped(run).stream()
                        .filter(failure -> !failure.isOfTheDatabase())
                        .toList();
    }

    /** Whether another process repeats the run: its failures are then those of the interruption. */
    private boolean isAbandoned(SyncRun run) {
        return stopping || !database.owns(run.site().name());
    }

    private List<Failure> grouped(SyncRun run) {
        boolean anySucceeded = run.healthyPlaces().stream().anyMatch(place -> place.va() != null);
        return new FailureGrouping(settings.foldPlaces()).fold(run.site().place(), run.failures(), anySucceeded);
    }

    /** Ends the run: resolves incidents of healthy places and publishes the results, in one transaction. */
    public List<SyncResult> finish(SyncRun run) {
        if (isAbandoned(run) && !run.failures().isEmpty()) {
            remove(run);
            LOG.info(
                    "{}: sync {} was interrupted by {}",
                    run.site().name(),
                    run.id(),
                    stopping ? "the stop of the relay" : "the loss of the site, which another relay may own now");
            return List.of();
        }
        SyncOutcome outcome = SyncSummary.outcome(run);
        Instant now = clock.instant();
        List<SyncResult> results = new SyncSummary(run, now).all();
        List<ObjectNode> events =
                results.stream().map(result -> data(run, result, now)).toList();
        try {
            database.write(run.site().name(), tx -> {
                resolve(tx, run);
                events.forEach(data -> publish(tx, run, data));
                return close(tx, run, outcome.wireName(), Json.write(results));
            });
        } finally {
            remove(run);
        }
        run.committed(events);
        listener.finished(run.site().name(), outcome, Duration.between(run.startedAt(), now));
        log(run, outcome);
        return results;
    }

    /** Logs why the run failed in one line, for readers of the log without access to the events. */
    private void log(SyncRun run, SyncOutcome outcome) {
        String site = run.site().name();
        if (outcome == SyncOutcome.COMPLETE) {
            LOG.info("{}: sync {} ended complete", site, run.id());
            return;
        }
        String codes =
                run.incidents().stream().map(Incident::code).distinct().sorted().collect(Collectors.joining(" "));
        try (LogContext.Scope scope = LogContext.ofCauses(codes)) {
            LOG.atLevel(outcome == SyncOutcome.PARTIAL ? Level.WARN : Level.ERROR)
                    .log(
                            "{}: sync {} ended {}: {}; the next run is due at {}",
                            site,
                            run.id(),
                            outcome.wireName(),
                            SyncSummary.causes(grouped(run), run.incidents()),
                            Schedules.next(run.site(), clock.instant()));
        }
    }

    /**
     * Marks runs of the site that were interrupted by the end of the relay, or by the loss of the site, except the current run. Called
     * when this relay begins to work for the site. That can be repeated while a run is active.
     */
    public synchronized void endInterrupted(Site site) {
        long current = current(site.name()).map(SyncRun::id).orElse(0L);
        int interrupted = database.write(
                site.name(),
                tx -> tx.execute(
                        "UPDATE run SET outcome = 'interrupted' WHERE outcome IS NULL AND site = ? AND id <> ?",
                        site.name(),
                        current));
        if (interrupted > 0) {
            LOG.warn(
                    "{}: {} interrupted when a relay last ended",
                    site.name(),
                    Plural.of(interrupted, "run was", "runs were"));
        }
    }

    /**
     * Resolves open incidents of sites and accounts that were removed from the configuration.
     *
     * @param agreed whether all relays have the same configuration of a site, or all lack it; incidents of other sites stay open
     */
    public void retire(Predicate<String> agreed) {
        Instant now = clock.instant();
        IncidentContext start = new IncidentContext(
                null, 0, now, "configuration", tracing.traceparent(), now, Duration.ZERO, null, null);
        database.write(Database.RELAY, tx -> {
            incidents.retire(
                    tx,
                    place -> agreed.test(place.site()) ? removedPlaces.fromConfiguration(place) : Optional.empty(),
                    start);
            return 1;
        });
    }

    /** The context for events of the run. */
    public IncidentContext contextOf(SyncRun run) {
        return new IncidentContext(
                run.site(),
                run.id(),
                run.startedAt(),
                run.request().cause().wireName(),
                run.traceparent(),
                clock.instant(),
                schedules.interval(run.site()),
                null,
                null);
    }

    /**
     * The context for events outside of the site's runs.
     *
     * @param cause the trigger: {@code reports} for its inbox or a poll, {@code clock} for elapsed time
     */
    public IncidentContext betweenRuns(String name, String cause) {
        Site site = sites.named(name);
        Instant now = clock.instant();
        return new IncidentContext(
                site, 0, now, cause, tracing.traceparent(), now, schedules.interval(site), null, null);
    }

    private void resolve(Handle tx, SyncRun run) {
        IncidentContext context = contextOf(run);
        Set<Place> healthy = run.healthyPlaces();
        healthy.add(run.site().place());
        // A healthy account may have a grouped failure of its virtual accounts.
        grouped(run).forEach(failure -> healthy.remove(failure.place()));
        for (Place place : healthy) {
            incidents.clear(tx, place, Flow.PULL, context);
        }
        incidents.retire(tx, place -> removedPlaces.fromAnswers(tx, run, place), context);
    }

    private ObjectNode data(SyncRun run, SyncResult result, Instant now) {
        ObjectNode data = Json.MAPPER.valueToTree(result);
        data.put("runId", Long.toString(run.id()));
        data.put("cause", run.request().cause().wireName());
        data.put("startedAt", run.startedAt().toString());
        data.put("nextDueAt", Schedules.next(run.site(), now).toString());
        provenance.into(data, run.site().name());
        return data;
    }

    private void publish(Handle tx, SyncRun run, ObjectNode data) {
        Place site = run.site().place();
        Place place =
                data.hasNonNull("account") ? site.account(data.path("account").asText()) : site;
        Map<String, String> extensions =
                Map.of("correlationid", Long.toString(run.id()), "traceparent", run.traceparent());
        String id = EventIds.of("sync", run.id(), place.path());
        outbox.append(
                tx,
                settings.topic(Topic.SYNCS),
                Event.of(id, TYPE, provenance.source(place), place.path(), clock.instant(), extensions, data));
    }

    private SyncRun newRun(long id, Site site, SyncRequest request, String traceparent, Instant now) {
        return new SyncRun(id, site, request, traceparent, now, settings.runLimit());
    }

    /** @return whether no other run has the id */
    private static boolean insert(Handle tx, SyncRun run) {
        int inserted = tx.execute(
                "INSERT INTO run (id, site, cause, requested_by, reason, traceparent, started_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                run.id(),
                run.site().name(),
                run.request().cause().wireName(),
                run.request().requestedBy(),
                run.request().reason(),
                run.traceparent(),
                run.startedAt().toEpochMilli());
        return inserted > 0;
    }

    private int close(Handle tx, SyncRun run, String outcome, String summary) {
        return tx.execute(
                "UPDATE run SET finished_at = ?, outcome = ?, summary = ? WHERE id = ?",
                clock.millis(),
                outcome,
                summary,
                run.id());
    }

    /** Milliseconds times a thousand: readable, ordered, and free even if many sites begin at once. */
    private static long firstId(Handle tx, Instant now) {
        long last = tx.createQuery("SELECT COALESCE(MAX(id), 0) FROM run")
                .mapTo(Long.class)
                .one();
        return Math.max(last + 1, now.toEpochMilli() * 1000);
    }
}
