package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.event.hook.Enrichment;
import io.licenserelay.event.hook.EnrichmentHook;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.collect.EvidenceCollection;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.manager.state.ManagerClientProbe;
import io.licenserelay.manager.state.ManagerInspection;
import io.licenserelay.manager.state.ManagerProbe;
import io.licenserelay.manager.state.ManagerState;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncService;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors the syncs that SD-WAN Managers make by themselves, which the relay's own runs do not cover. A problem opens
 * the site's incident of flow {@code manager}, and a check without a problem resolves it.
 */
public final class ManagerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerWatch.class);

    private final Map<String, Watched> bySite;
    private final Sites sites;
    private final Database database;
    private final Incidents incidents;
    private final SyncService runs;
    private final BaselineStore baselines;
    private final FailureClassifier causes;
    private final EvidenceRoutes evidence;
    private final EnrichmentHook hook;
    private final Clock clock;

    /** One site's Manager. */
    public record Watched(Site site, SdwanManager manager, ManagerInspection inspection, ManagerClientProbe client) {}

    /**
     * The result of a check.
     *
     * @param failure null if the Manager is healthy
     */
    public record Inspection(
            Watched watched, ManagerState state, @Nullable Failure failure) {
        public boolean isWell() {
            return failure == null;
        }
    }

    /** @param bySite the Managers by site name, without sites that have no Manager; a thread-safe map that changes with the sites */
    public ManagerWatch(
            Map<String, Watched> bySite,
            Sites sites,
            Database database,
            Incidents incidents,
            SyncService runs,
            BaselineStore baselines,
            FailureClassifier causes,
            EvidenceRoutes evidence,
            EnrichmentHook hook,
            Clock clock) {
        this.bySite = bySite;
        this.sites = sites;
        this.database = database;
        this.incidents = incidents;
        this.runs = runs;
        this.baselines = baselines;
        this.causes = causes;
        this.evidence = evidence;
        this.hook = hook;
        this.clock = clock;
    }

    /**
     * Resolves the open incident of a Manager that was removed from the configuration. Called when this relay begins to work
     * for the site, before any run of it.
     */
    public void retire(Site site) {
        if (site.manager() == null) {
            database.write(
                    site.name(),
                    tx -> incidents.clear(
                            tx,
                            site.place(),
                            Flow.MANAGER,
                            "the Manager is no longer configured",
                            runs.betweenRuns(site.name(), "configuration")));
        }
    }

    /** Called at the start of a run. If an operator requested the run, a refused password may be sent once more. */
    public void begin(String site, boolean byOperator) {
        Watched watched = bySite.get(site);
        if (watched != null && byOperator) {
            watched.inspection.allowAttempt();
            watched.client.allowAttempt();
        }
    }

    /**
     * Checks the site's Manager.
     *
     * @return null if the next check is postponed, as the Manager requested
     */
    public @Nullable Inspection inspect(Site site) {
        Watched watched = bySite.get(site.name());
        if (watched == null || watched.inspection.isPutOff()) {
            LOG.info("{}: no check of the Manager now", site.name());
            return null;
        }
        ManagerState state = watched.inspection.watch();
        Inspection inspection = new Inspection(watched, state, state.isWell() ? null : failure(site, state));
        if (inspection.failure == null) {
            LOG.info("{}: the Manager is healthy{}", site.name(), notes(state));
        } else {
            LOG.debug("{}: the check of the Manager found a problem: {}", site.name(), inspection.failure.errorType());
        }
        return inspection;
    }

    /**
     * Decides which evidence to collect for a failure at the site's Manager outside of a check.
     *
     * @throws IllegalArgumentException when the site has no Manager
     */
    public EvidenceCollection plan(Failure failure, Site site) {
        Watched watched = bySite.get(site.name());
        if (watched == null) {
            throw new IllegalArgumentException("site " + site.name() + " has no manager");
        }
        return evidence.ofManager(failure, atManager(watched.site, watched.manager));
    }

    /** Collects evidence: the network to the Manager, the Manager's own client at SSM, and the logs. */
    public Evidence collect(Inspection inspection) {
        Failure failure = Objects.requireNonNull(inspection.failure);
        Watched watched = inspection.watched;
        EvidenceCollection collection = evidence.ofManager(failure, atManager(watched.site, watched.manager));
        Evidence collected = evidence.collect(collection, watched.site);
        List<ProbeResult> probes = new ArrayList<>(collected.probes());
        probes.add(ManagerProbe.result(inspection.state, watched.manager.url().toString()));
        return new Evidence(failure, probes, collected.excerpts(), collected.findings());
    }

    /** What the hook {@code enrich-incident} adds to the event; takes at most two seconds. */
    public Enrichment enrich(Inspection inspection, Evidence evidence, Diagnosis diagnosis) {
        return hook.of(() -> {
            IncidentContext context = contextOf(inspection.watched, evidence);
            return database.read(tx -> incidents.preview(tx, diagnosis, evidence, context));
        });
    }

    /** Records the incident and its event in one transaction. */
    public Incident record(Inspection inspection, Evidence evidence, Diagnosis diagnosis, Enrichment extra) {
        IncidentContext context = contextOf(inspection.watched, evidence);
        Incident incident = database.write(
                inspection.watched.site.name(), tx -> incidents.record(tx, diagnosis, evidence, context, extra));
        LOG.warn(
                "{}: the Manager has a problem: {}{}; the next check is due at {}",
                inspection.watched.site.name(),
                incident.summary(),
                notes(inspection.state),
                clock.instant().plus(inspection.watched.manager.watch()));
        return incident;
    }

    /** Resolves the open incident after a check without a problem. */
    public void clear(Inspection inspection) {
        Watched watched = inspection.watched;
        Optional<Incident> resolved = database.write(
                watched.site.name(), tx -> incidents.clear(tx, watched.site.place(), Flow.MANAGER, contextOf(watched)));
        if (resolved.isPresent()) {
            watched.client.endOfIncident();
        }
    }

    private IncidentContext contextOf(Watched watched, Evidence evidence) {
        List<ProbeResult> ofManager = evidence.probes().stream()
                .filter(probe -> probe.probe().equals("manager"))
                .toList();
        return contextOf(watched).changed(baselines.changed(watched.site, ofManager));
    }

    private IncidentContext contextOf(Watched watched) {
        return runs.betweenRuns(watched.site.name(), IncidentContext.WATCH).every(watched.manager.watch());
    }

    private Failure failure(Site site, ManagerState state) {
        boolean loggedIn = state.finding(Findings.MANAGER_LOGGED_IN).isPresent();
        Step step = loggedIn ? Step.MANAGER_STATE : Step.MANAGER_LOGIN;
        List<Finding> findings = new ArrayList<>();
        if (state.thrown() != null) {
            Failure failure = causes.failure(site.place(), Flow.MANAGER, step, state.thrown());
            findings.addAll(failure.findings());
            findings.addAll(state.bad());
            findings.addAll(state.good());
            return new Failure(
                    site.place(),
                    List.of(),
                    Flow.MANAGER,
                    step,
                    failure.errorType(),
                    failure.message(),
                    findings,
                    failure.exchange(),
                    failure.at());
        }
        findings.addAll(state.bad());
        findings.addAll(state.good());
        Instant at = state.failedAt() == null ? state.at() : state.failedAt();
        return Failure.of(site.place(), Flow.MANAGER, step, findings, state.exchange(), at);
    }

    /** Replaces SSM by the Manager in the site, so that all probes for SSM check the Manager. */
    private static Site atManager(Site site, SdwanManager manager) {
        Site.Ssm ssm = site.ssm();
        return site.with(new Site.Ssm(
                manager.url(),
                ssm.api(),
                ssm.paths(),
                ssm.grant(),
                ssm.client(),
                ssm.user(),
                manager.trust(),
                null,
                ssm.page(),
                ssm.limits()));
    }

    private static String notes(ManagerState state) {
        return state.notes().isEmpty() ? "" : "; " + String.join("; ", state.notes());
    }
}
