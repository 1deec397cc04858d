package io.licenserelay.sync;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.hook.Enrichment;
import io.licenserelay.event.hook.EnrichmentHook;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.SiteTask;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.collect.EvidenceCollection;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.bundle.EvidenceBundles;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.incident.event.SinceGoodRun;
import io.licenserelay.incident.relay.StoreWatch;
import io.licenserelay.inventory.VanishedLicenses;
import io.licenserelay.log.LogContext;
import io.licenserelay.reports.ledger.DeviceTroubles;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.run.SyncRun;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.sync.watch.BaselineStore;
import io.licenserelay.sync.watch.ManagerWatch;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.util.ObjectHelper;

/** Turns exceptions into failures, and each failure with its evidence into a diagnosis and an incident. */
public final class FailureInvestigation {
    private final EvidenceRoutes evidence;
    private final Rules rules;
    private final Incidents incidents;
    private final SyncService runs;
    private final BaselineStore baselines;
    private final Database database;
    private final EvidenceBundles bundles;
    private final ManagerWatch managers;
    private final FailureClassifier causes;
    private final StoreWatch store;
    private final EnrichmentHook hook;
    private final Clock clock;

    public FailureInvestigation(
            EvidenceRoutes evidence,
            Rules rules,
            Incidents incidents,
            SyncService runs,
            BaselineStore baselines,
            Database database,
            EvidenceBundles bundles,
            ManagerWatch managers,
            FailureClassifier causes,
            StoreWatch store,
            EnrichmentHook hook,
            Clock clock) {
        this.evidence = evidence;
        this.rules = rules;
        this.incidents = incidents;
        this.runs = runs;
        this.baselines = baselines;
        this.database = database;
        this.bundles = bundles;
        this.managers = managers;
        this.causes = causes;
        this.store = store;
        this.hook = hook;
        this.clock = clock;
    }

    /**
     * Records that a part of the task failed; the other parts continue. A failure of the relay's own database is an
     * incident of the relay, independently of the place that was being written. It is reported once, as soon as the
     * database accepts writes.
     *
     * @param flow the flow, together with step and place, as named by the route that catches the exception; a failed
     *     request to SSM has its own values
     */
    public void classify(Flow flow, Step step, Place place, SiteTask task, Throwable thrown) {
        StoreFailed storeFailure = ObjectHelper.getException(StoreFailed.class, thrown);
        if (storeFailure != null && (storeFailure.isUnwritable() || storeFailure.isCorrupt())) {
            store.failed(storeFailure);
        }
        task.failed(
                thrown instanceof VanishedLicenses vanished
                        ? vanished(place, vanished)
                        : causes.failure(place, flow, step, thrown));
    }

    private Failure vanished(Place place, VanishedLicenses vanished) {
        Finding finding = new Finding(Findings.INVENTORY_VANISHED, String.valueOf(vanished.getMessage()));
        return Failure.of(place, Flow.PULL, Step.APPLY, List.of(finding), null, clock.instant());
    }

    /**
     * Decides which evidence to collect for a failure. A failure without a request needs none. A run that has exceeded
     * its time limit collects none either, so that many failures do not prolong the run.
     */
    public EvidenceCollection plan(@Body Failure failed, SyncRun run) {
        Site site = run.site();
        Failure failure = failed.flow() == Flow.PUSH
                ? database.read(tx -> DeviceTroubles.withDeviceProblems(tx, failed, clock))
                : failed;
        if (failure.step() == Step.MANAGER_SYNC) {
            return managers.plan(failure, site);
        }
        return failure.exchange() == null || run.isOverdue()
                ? EvidenceCollection.nothing(failure)
                : evidence.ofSsm(failure, site);
    }

    public Diagnosis diagnose(Evidence evidence) {
        return rules.diagnose(evidence);
    }

    /**
     * What the hook {@code enrich-incident} adds to the event of the failure; takes at most two seconds. A run whose time is over does not
     * call it, for the same reason as in {@link #plan}.
     */
    public Enrichment enrich(Evidence evidence, Diagnosis diagnosis, SyncRun run) {
        if (run.isOverdue()) {
            return hook.outOfTime();
        }
        return hook.of(() -> {
            IncidentContext context = contextOf(evidence, run);
            return database.read(tx -> incidents.preview(tx, diagnosis, evidence, context));
        });
    }

    /** Records the incident and its event in one transaction. */
    public void record(Evidence evidence, Diagnosis diagnosis, Enrichment extra, SyncRun run) {
        IncidentContext context = contextOf(evidence, run);
        try (LogContext.Scope scope = LogContext.ofCauses(diagnosis.code())) {
            run.noted(
                    database.write(run.site().name(), tx -> incidents.record(tx, diagnosis, evidence, context, extra)));
            bundles.catchUp();
        }
    }

    private IncidentContext contextOf(Evidence evidence, SyncRun run) {
        SinceGoodRun changed = baselines.changed(run.site(), evidence.probes());
        return runs.contextOf(run).changed(changed);
    }
}
