package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Place;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.store.Database;
import io.licenserelay.store.TransactionCallback;
import io.licenserelay.sync.run.SyncService;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates incidents between runs: incidents whose severity rises with time, and flapping incidents that have been
 * stable for long enough. Incidents that no run observes again are renewed before their events expire.
 */
public final class SeverityClock {
    private static final Logger LOG = LoggerFactory.getLogger(SeverityClock.class);

    private final Database database;
    private final Incidents incidents;
    private final SyncService runs;
    private final Clock clock;

    public SeverityClock(Database database, Incidents incidents, SyncService runs, Clock clock) {
        this.database = database;
        this.incidents = incidents;
        this.runs = runs;
        this.clock = clock;
    }

    /** Checks every open incident of the sites that this relay owns, and publishes each change in a separate transaction. */
    public void update() {
        for (Incident each : owned(incidents::withRisenSeverity)) {
            IncidentContext context = contextOf(each.place());
            database.write(each.place().site(), tx -> incidents.raise(tx, each.id(), context))
                    .ifPresent(now -> LOG.warn(
                            "{} ({}): the severity is now {}",
                            now.place(),
                            now.code(),
                            now.severity().wireName()));
        }
        for (Incident each : owned(incidents::stable)) {
            IncidentContext context = contextOf(each.place());
            database.write(each.place().site(), tx -> incidents.resolveStable(tx, each.id(), context));
        }
        for (Incident each : owned(incidents::unobserved)) {
            IncidentContext context = contextOf(each.place());
            database.write(each.place().site(), tx -> incidents.renew(tx, each.id(), context));
        }
    }

    private List<Incident> owned(TransactionCallback<List<Incident>> query) {
        return database.read(query).stream()
                .filter(each -> database.owns(each.place().site()))
                .toList();
    }

    private IncidentContext contextOf(Place place) {
        return place.site().equals(Place.RELAY)
                ? IncidentContext.ofTheRelay(clock.instant())
                : runs.betweenRuns(place.site(), "clock");
    }
}
