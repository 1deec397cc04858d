package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;

/** A "successful" answer holds so much less than the one before that it is not believed yet; the inventory is kept. */
public final class VanishedLicenses extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param equal how many equal answers there were in a row, this one included */
    VanishedLicenses(Place place, long before, long now, int equal, int needed) {
        super(place + ": " + before + " licenses before, " + now + " in this answer; kept as it was (equal answer "
                + equal + " of " + needed + " that would be believed; `license-relay sync --accept` believes it now)");
    }
}
