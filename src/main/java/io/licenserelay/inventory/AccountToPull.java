package io.licenserelay.inventory;

import io.licenserelay.site.Place;

/** An account whose lists are to be pulled. */
public record AccountToPull(Place place, Account account) {

    /** Whether SSM still lists it. */
    public boolean isListed() {
        return account.listed();
    }
}
