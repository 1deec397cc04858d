package io.licenserelay.sync.run;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.Places;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Says why a place is watched no more. Stateless. */
final class RemovedPlaces {
    private final Sites sites;
    private final Places places = new Places();

    RemovedPlaces(Sites sites) {
        this.sites = sites;
    }

    /** The site, or the place's account, is not in the configuration. */
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
        boolean left = place.account() != null && !accounts.isEmpty() && !accounts.contains(place.account());
        return left
                ? Optional.of("account " + place.account() + " of " + place.site() + " is no longer configured")
                : Optional.empty();
    }

    /**
     * SSM's answers to the run have it no more, and that is believed: what is only missing since this run is under the
     * guard against vanishing licenses still.
     */
    Optional<String> fromAnswers(Handle tx, SyncRun run, Place place) {
        if (!place.site().equals(run.site().name()) || place.account() == null) {
            return Optional.empty();
        }
        if (run.lacks(place.account())) {
            return Optional.of("SSM lists account " + place.account() + " no more");
        }
        return place.va() != null && places.isGone(tx, place)
                ? Optional.of("SSM lists virtual account " + place.va() + " no more")
                : Optional.empty();
    }
}
