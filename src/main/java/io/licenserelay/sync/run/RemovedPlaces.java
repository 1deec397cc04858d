package io.licenserelay.sync.run;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.Places;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Determines why a place is no longer monitored. Stateless. */
final class RemovedPlaces {
    private final Sites sites;
    private final Places places = new Places();

    RemovedPlaces(Sites sites) {
        this.sites = sites;
    }

    /** The reason if the site, or the place's account, is not in the configuration. */
    Optional<String> fromConfiguration(Place place) {
        if (place.site().equals(Place.RELAY)) {
            return Optional.empty();
        }
        Optional<Site> site = sites.all().stream()
                .filter(each -> each.name().equals(place.site()))
                .findFirst();
        if (site.isEmpty()) {
            return Optional.of("site " + place.site() + " is no longer configured");
        }
        List<String> accounts = site.get().accounts();
        boolean removed = place.account() != null && !accounts.isEmpty() && !accounts.contains(place.account());
        return removed
                ? Optional.of("account " + place.account() + " of " + place.site() + " is no longer configured")
                : Optional.empty();
    }

    /**
     * The reason if SSM no longer lists the place and the removal is accepted. A place that is missing only since this
     * run is still under the guard against vanished licenses.
     */
    Optional<String> fromAnswers(Handle tx, SyncRun run, Place place) {
        if (!place.site().equals(run.site().name()) || place.account() == null) {
            return Optional.empty();
        }
        if (run.lacks(place.account())) {
            return Optional.of("SSM no longer lists account " + place.account());
        }
        return place.va() != null && places.isGone(tx, place)
                ? Optional.of("SSM no longer lists virtual account " + place.va())
                : Optional.empty();
    }
}
