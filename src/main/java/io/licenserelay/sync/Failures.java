package io.licenserelay.sync;

import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Collector;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.Bundles;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.Occasion;
import io.licenserelay.incident.SinceGoodRun;
import io.licenserelay.site.Site;
import io.licenserelay.ssm.SsmRequests;
import io.licenserelay.store.Database;
import io.licenserelay.usage.DeviceTroubles;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Looks into a failure: what can be seen of it, why it is, and the incident that tells. */
public final class Failures {
    private final Map<String, Collector> collectors;
    private final Rules rules;
    private final Incidents incidents;
    private final Runs runs;
    private final Baselines baselines;
    private final Database database;
    private final Bundles bundles;
    private final ManagerWatch managers;
    private final Clock clock;

    /** @param collectors by the name of their site; filled before anything runs */
    public Failures(
            Map<String, Collector> collectors,
            Rules rules,
            Incidents incidents,
            Runs runs,
            Baselines baselines,
            Database database,
            Bundles bundles,
            ManagerWatch managers,
            Clock clock) {
        this.collectors = collectors;
        this.rules = rules;
        this.incidents = incidents;
        this.runs = runs;
        this.baselines = baselines;
        this.database = database;
        this.bundles = bundles;
        this.managers = managers;
        this.clock = clock;
    }

    /** Logs and probes, side by side under one deadline; what our own answers already show needs none. */
    public Evidence collect(@Body Failure failed, @ExchangeProperty(SsmRequests.SITE) Site site) {
        Failure failure =
                failed.flow() == Flow.PUSH ? database.read(tx -> DeviceTroubles.beside(tx, failed, clock)) : failed;
        if (failure.step() == Step.MANAGER_SYNC) {
            return managers.around(failure, site);
        }
        Collector collector = collectors.get(site.name());
        return collector == null || failure.exchange() == null
                ? Evidence.of(failure)
                : collector.collect(failure, site);
    }

    public Diagnosis diagnose(@ExchangeProperty("evidence") Evidence evidence) {
        return rules.diagnose(evidence);
    }

    /** The incident and its event, in one transaction. */
    public void record(
            @ExchangeProperty("evidence") Evidence evidence,
            @ExchangeProperty("diagnosis") Diagnosis diagnosis,
            @ExchangeProperty(Runs.RUN) Run run) {
        SinceGoodRun changed = baselines.changed(run.site(), evidence.probes());
        Occasion occasion = runs.occasion(run).changed(changed);
        run.noted(database.write(tx -> incidents.record(tx, diagnosis, evidence, occasion)));
        bundles.catchUp();
    }
}
