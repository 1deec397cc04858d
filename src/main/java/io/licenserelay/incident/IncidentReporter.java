package io.licenserelay.incident;

import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Creates an incident from a failure whose findings are sufficient to name its cause, without probes and logs.
 * Thread-safe.
 */
public final class IncidentReporter {
    private final Rules rules;
    private final Incidents incidents;
    private final Clock clock;

    public IncidentReporter(Rules rules, Incidents incidents, Clock clock) {
        this.rules = rules;
        this.incidents = incidents;
        this.clock = clock;
    }

    /** A failure detected now, without an HTTP exchange. */
    public Failure failure(Place place, Flow flow, Step step, List<Finding> findings) {
        return Failure.of(place, flow, step, findings, null, clock.instant());
    }

    /** Diagnoses the failure, and opens or updates the incident of its place and flow. */
    public Incident report(Handle tx, Failure failure, IncidentContext context) {
        return report(tx, failure, context, ConcernedItems.NOTHING);
    }

    /** The same for an incident that concerns certain licenses, subscriptions or devices. */
    public Incident report(Handle tx, Failure failure, IncidentContext context, ConcernedItems concerned) {
        Evidence evidence = Evidence.of(failure);
        return incidents.record(tx, rules.diagnose(evidence), evidence, context, concerned);
    }

    /** A failure of the relay itself, detected now. */
    public Failure ofRelay(Step step, String finding, String why) {
        return ofRelay(step, finding, why, clock.instant());
    }

    /** A failure of the relay itself, detected at an earlier time. */
    public Failure ofRelay(Step step, String finding, String why, Instant at) {
        return Failure.of(Place.relay(), Flow.RELAY, step, List.of(new Finding(finding, why)), null, at);
    }

    /** A failure of the relay itself with several findings, detected now. The first one is its type and message. */
    public Failure ofRelay(Step step, List<Finding> findings) {
        return Failure.of(Place.relay(), Flow.RELAY, step, findings, null, clock.instant());
    }

    public Incident reportRelay(Handle tx, Failure failure) {
        return report(tx, failure, IncidentContext.ofTheRelay(clock.instant()));
    }

    public Optional<Incident> clearRelay(Handle tx) {
        return incidents.clear(tx, Place.relay(), Flow.RELAY, IncidentContext.ofTheRelay(clock.instant()));
    }

    /** Resolves the relay's own incident, if it is open, for the given reason instead of a recovery. */
    public Optional<Incident> clearRelay(Handle tx, String why) {
        return incidents.clear(tx, Place.relay(), Flow.RELAY, why, IncidentContext.ofTheRelay(clock.instant()));
    }

    /** Whether the relay's own incident is open, with any cause. */
    public boolean isRelayOpen(Handle tx) {
        return incidents.isOpen(tx, Place.relay(), Flow.RELAY);
    }

    /** Whether the relay is failing now. A flapping incident may be open while the relay is healthy. */
    public boolean isRelayFailing(Handle tx) {
        return incidents.isFailing(tx, Place.relay(), Flow.RELAY);
    }

    /** Whether the relay's own incident is open because of a configuration. */
    public boolean isConfigurationOpen(Handle tx) {
        return isRelayOpen(tx, Findings.CONFIGURATION_REFUSED) || isRelayOpen(tx, Findings.CONFIGURATION_DIFFERS);
    }

    /**
     * Whether the relay is failing now with a cause that another one must not replace. An incident because of a configuration gives way, because
     * it may last for days; it is reported again afterwards.
     */
    public boolean isRelayOccupied(Handle tx) {
        return isRelayFailing(tx) && !isConfigurationOpen(tx);
    }

    /** Whether the relay's own incident is open with the cause of this finding. */
    public boolean isRelayOpen(Handle tx, String finding) {
        String code =
                rules.diagnose(Evidence.of(ofRelay(Step.APPLY, finding, ""))).code();
        return incidents.open(tx).stream().anyMatch(each -> each.isOfRelay(code));
    }
}
