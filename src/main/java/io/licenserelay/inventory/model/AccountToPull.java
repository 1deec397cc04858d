package io.licenserelay.inventory.model;

import io.licenserelay.config.site.Place;

/** An account whose lists are to be pulled. */
public record AccountToPull(Place place, Account account) {

    /** Whether SSM still lists the account. */
    public boolean isListed() {
        return account.listed();
    }
}
