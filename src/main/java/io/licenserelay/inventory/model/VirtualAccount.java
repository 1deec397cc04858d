package io.licenserelay.inventory.model;

import org.jspecify.annotations.Nullable;

/**
 * A virtual account of a Smart Account.
 *
 * @param id SSM's own number for it, as text
 */
public record VirtualAccount(String name, @Nullable String id, boolean isDefault) {

    /** With the number that the account knows for it, where its own listing tells none. */
    public VirtualAccount of(Account account) {
        return id == null ? new VirtualAccount(name, account.vaIds().get(name), isDefault) : this;
    }
}
