package io.licenserelay.sync;

import io.licenserelay.evidence.Concerned;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Flow;
import io.licenserelay.incident.Impact;
import io.licenserelay.incident.Incident;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Occasion;
import io.licenserelay.site.Place;
import io.licenserelay.usage.Alarms;
import io.licenserelay.usage.DeviceTroubles;
import io.licenserelay.usage.Endangered;
import java.time.Clock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes incidents of what reports tell, as part of the site's run when one is under way. Thread-safe. */
public final class PushAlarms implements Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(PushAlarms.class);

    private final IncidentReporter incidents;
    private final Runs runs;
    private final Clock clock;

    public PushAlarms(IncidentReporter incidents, Runs runs, Clock clock) {
        this.incidents = incidents;
        this.runs = runs;
        this.clock = clock;
    }

    @Override
    public void raise(Handle tx, Failure failure, @Nullable Endangered endangered, Concerned concerned) {
        String site = failure.place().site();
        Impact impact = endangered == null ? null : new Impact(endangered.what(), endangered.at());
        Incident incident = incidents.report(
                tx, DeviceTroubles.beside(tx, failure, clock), occasion(site).endangering(impact), concerned);
        runs.current(site).ifPresent(run -> run.noted(incident));
        tx.afterCommit(() -> LOG.warn("{}", incident.summary()));
    }

    @Override
    public boolean stands(Handle tx, Place place) {
        return incidents.isOpen(tx, place, Flow.PUSH);
    }

    @Override
    public void clear(Handle tx, Place place) {
        incidents.clear(tx, place, Flow.PUSH, occasion(place.site()));
    }

    private Occasion occasion(String site) {
        return runs.current(site).map(runs::occasion).orElseGet(() -> runs.betweenRuns(site, "reports"));
    }
}
