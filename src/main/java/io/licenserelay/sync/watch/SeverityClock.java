package io.licenserelay.sync.watch;

import io.licenserelay.config.site.Place;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.SyncService;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between runs, tells of incidents that time alone made worse, or well: those that flapped and flap no more. Those that no run sees
 * again are renewed before their events expire.
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

    /** Looks at every open incident; each that is worse now is told in a transaction of its own. */
    public void update() {
        List<Incident> risen = database.read(incidents::risen);
        for (Incident each : risen) {
            IncidentContext occasion = occasion(each.place());
            database.write(tx -> incidents.rise(tx, each.id(), occasion))
                    .ifPresent(now -> LOG.warn(
                            "{} ({}) is {} by now",
                            now.place(),
                            now.code(),
                            now.severity().wireName()));
        }
        for (Incident each : database.read(incidents::rested)) {
            IncidentContext occasion = occasion(each.place());
            database.write(tx -> incidents.settle(tx, each.id(), occasion));
        }
        for (Incident each : database.read(incidents::unobserved)) {
            IncidentContext occasion = occasion(each.place());
            database.write(tx -> incidents.renew(tx, each.id(), occasion));
        }
    }

    private IncidentContext occasion(Place place) {
        return place.site().equals(Place.RELAY)
                ? IncidentContext.ofTheRelay(clock.instant())
                : runs.betweenRuns(place.site(), "clock");
    }
}
