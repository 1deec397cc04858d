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
 * Watches the syncs that SD-WAN Managers make by themselves, of which the relay's own runs say nothing: what is not well is the incident
 * of flow {@code manager} of the site, and a look at which all is well resolves it.
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
    public record Watched(Site site, SdwanManager manager, ManagerInspection eye, ManagerClientProbe client) {}

    /**
     * What a look showed.
     *
     * @param failure null when all was well
     */
    public record Inspection(
            Watched watched, ManagerState state, @Nullable Failure failure) {
        public boolean isWell() {
            return failure == null;
        }
    }

    /** @param bySite by the name of their site; those without Manager are not in it */
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
        this.bySite = Map.copyOf(bySite);
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

    /** Resolves what is open of Managers that left the configuration; called once, before anything runs. */
    public void retire() {
        for (Site site : sites.all()) {
            if (!bySite.containsKey(site.name())) {
                database.write(tx -> incidents.clear(
                        tx,
                        site.place(),
                        Flow.MANAGER,
                        "the Manager left the configuration",
                        runs.betweenRuns(site.name(), "configuration")));
            }
        }
    }

    /** A run begins: when an operator asked for it, even a refused password may be sent once more. */
    public void begin(String site, boolean byOperator) {
        Watched watched = bySite.get(site);
        if (watched != null && byOperator) {
            watched.eye.allowAttempt();
            watched.client.allowAttempt();
        }
    }

    /**
     * Looks at the site's Manager.
     *
     * @return null when the Manager asked to be left alone for now
     */
    public @Nullable Inspection inspect(Site site) {
        Watched watched = bySite.get(site.name());
        if (watched == null || watched.eye.isPutOff()) {
            LOG.info("{}: the Manager is not looked at now", site.name());
            return null;
        }
        ManagerState state = watched.eye.watch();
        Inspection inspection = new Inspection(watched, state, state.isWell() ? null : failure(site, state));
        if (inspection.failure == null) {
            LOG.info("{}: the Manager is well{}", site.name(), notes(state));
        } else {
            LOG.debug("{}: the Manager is not well: {}", site.name(), inspection.failure.errorType());
        }
        return inspection;
    }

    /**
     * What evidence to collect of something that failed at the site's Manager besides a look.
     *
     * @throws IllegalArgumentException when the site has none
     */
    public EvidenceCollection plan(Failure failure, Site site) {
        Watched watched = bySite.get(site.name());
        if (watched == null) {
            throw new IllegalArgumentException("site " + site.name() + " has no manager");
        }
        return evidence.ofManager(failure, atManager(watched.site, watched.manager));
    }

    /** The network to the Manager, the Manager's own client at SSM, and the logs. */
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
        if (!hook.isProvided()) {
            return Enrichment.NONE;
        }
        IncidentContext occasion = occasion(inspection.watched, evidence);
        return hook.of(database.read(tx -> incidents.preview(tx, diagnosis, evidence, occasion)));
    }

    /** The incident and its event, in one transaction. */
    public Incident record(Inspection inspection, Evidence evidence, Diagnosis diagnosis, Enrichment extra) {
        IncidentContext occasion = occasion(inspection.watched, evidence);
        Incident incident = database.write(tx -> incidents.record(tx, diagnosis, evidence, occasion, extra));
        LOG.warn(
                "{}: the Manager is not well: {}{}; the next look is due at {}",
                inspection.watched.site.name(),
                incident.summary(),
                notes(inspection.state),
                clock.instant().plus(inspection.watched.manager.watch()));
        return incident;
    }

    /** All was well: what was open is resolved. */
    public void clear(Inspection inspection) {
        Watched watched = inspection.watched;
        Optional<Incident> resolved =
                database.write(tx -> incidents.clear(tx, watched.site.place(), Flow.MANAGER, occasion(watched)));
        if (resolved.isPresent()) {
            watched.client.endOfIncident();
        }
    }

    private IncidentContext occasion(Watched watched, Evidence evidence) {
        List<ProbeResult> ofManager = evidence.probes().stream()
                .filter(probe -> probe.probe().equals("manager"))
                .toList();
        return occasion(watched).changed(baselines.changed(watched.site, ofManager));
    }

    private IncidentContext occasion(Watched watched) {
        return runs.betweenRuns(watched.site.name(), IncidentContext.WATCH).every(watched.manager.watch());
    }

    private Failure failure(Site site, ManagerState state) {
        boolean in = state.finding(Findings.MANAGER_LOGGED_IN).isPresent();
        Step step = in ? Step.MANAGER_STATE : Step.MANAGER_LOGIN;
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

    /** So that every probe that looks at a site's SSM looks at its Manager. */
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
