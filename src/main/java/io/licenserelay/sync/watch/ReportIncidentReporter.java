package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Flow;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.incident.event.IncidentImpact;
import io.licenserelay.reports.ReportImpact;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ledger.DeviceTroubles;
import io.licenserelay.sync.run.SyncService;
import java.time.Clock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns problems with reports into incidents, as part of the site's current run if there is one. Thread-safe. */
public final class ReportIncidentReporter implements ReportIncidents {
    private static final Logger LOG = LoggerFactory.getLogger(ReportIncidentReporter.class);

    private final IncidentReporter reporter;
    private final Incidents incidents;
    private final SyncService runs;
    private final Clock clock;

    public ReportIncidentReporter(IncidentReporter reporter, Incidents incidents, SyncService runs, Clock clock) {
        this.reporter = reporter;
        this.incidents = incidents;
        this.runs = runs;
        this.clock = clock;
    }

    @Override
    public void raise(Handle tx, Failure failure, @Nullable ReportImpact endangered, ConcernedItems concerned) {
        String site = failure.place().site();
        IncidentImpact impact = endangered == null ? null : new IncidentImpact(endangered.what(), endangered.at());
        Incident incident = reporter.report(
                tx,
                DeviceTroubles.withDeviceProblems(tx, failure, clock),
                contextOf(site).endangering(impact),
                concerned);
        runs.current(site).ifPresent(run -> run.noted(incident));
        tx.afterCommit(() -> LOG.warn("{}", incident.summary()));
    }

    @Override
    public boolean isOpen(Handle tx, Place place) {
        return incidents.isOpen(tx, place, Flow.PUSH);
    }

    @Override
    public void clear(Handle tx, Place place) {
        incidents.clear(tx, place, Flow.PUSH, contextOf(place.site()));
    }

    private IncidentContext contextOf(String site) {
        return runs.current(site).map(runs::contextOf).orElseGet(() -> runs.betweenRuns(site, "reports"));
    }
}
