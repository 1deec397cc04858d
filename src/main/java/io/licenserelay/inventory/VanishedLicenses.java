package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.text.Plural;

/**
 * A successful answer has so many fewer licenses than before that it is not applied yet. The stored inventory is kept.
 */
public final class VanishedLicenses extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param equal number of equal answers in a row, including this one */
    VanishedLicenses(Place place, long before, long now, int equal, int needed) {
        super(place + ": " + Plural.of(before, "license") + " before, " + now
                + " in this answer; the inventory was not changed (equal answer " + equal + " of " + needed
                + " that are required to accept it; `license-relay sync --accept` accepts it now)");
    }
}
