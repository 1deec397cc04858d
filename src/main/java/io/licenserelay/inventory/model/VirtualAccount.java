package io.licenserelay.inventory.model;

import org.jspecify.annotations.Nullable;

/**
 * A virtual account of a Smart Account.
 *
 * @param id SSM's numeric id, as text
 */
public record VirtualAccount(String name, @Nullable String id, boolean isDefault) {

    /** Adds the id from the list of accounts if the list of virtual accounts has none. */
    public VirtualAccount of(Account account) {
        return id == null ? new VirtualAccount(name, account.vaIds().get(name), isDefault) : this;
    }
}
