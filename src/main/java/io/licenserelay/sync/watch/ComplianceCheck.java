package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Incidents;
import io.licenserelay.inventory.InventoryChanges;
import io.licenserelay.inventory.Shortages;
import io.licenserelay.sync.run.SyncRun;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.text.Plural;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Reports the licenses of a virtual account that are out of compliance. */
public final class ComplianceCheck {
    private final IncidentReporter reporter;
    private final Incidents incidents;
    private final SyncService runs;

    public ComplianceCheck(IncidentReporter reporter, Incidents incidents, SyncService runs) {
        this.reporter = reporter;
        this.incidents = incidents;
        this.runs = runs;
    }

    /** Opens, updates or resolves the incident of flow {@code compliance} of a virtual account that was just applied. */
    public void report(Handle tx, SyncRun run, Place place, InventoryChanges changes) {
        if (changes.outOfCompliance() > 0) {
            run.noted(reporter.report(
                    tx,
                    outOfCompliance(place, changes),
                    runs.contextOf(run),
                    Shortages.of(tx, place, changes.outOfCompliance())));
        } else {
            incidents.clear(tx, place, Flow.COMPLIANCE, runs.contextOf(run));
        }
    }

    private Failure outOfCompliance(Place place, InventoryChanges changes) {
        String names = String.join(", ", changes.newlyOut());
        String message =
                changes.outOfCompliance() + " of " + Plural.of(changes.licenses(), "license is", "licenses are")
                        + " out of compliance" + (names.isEmpty() ? "" : "; newly: " + names);
        Finding finding = new Finding(Findings.OUT_OF_COMPLIANCE, message);
        return reporter.failure(place, Flow.COMPLIANCE, Step.COMPLIANCE, List.of(finding));
    }
}
