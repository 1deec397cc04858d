package io.licenserelay.inventory;

import org.jspecify.annotations.Nullable;

/**
 * A Smart Account.
 *
 * @param id SSM's own number for it, as text
 * @param pathName what stands for it in paths: its name, or its domain in the cloud
 * @param listed false when it was there before and SSM lists it no more
 */
public record Account(String name, @Nullable String id, String pathName, boolean listed) {

    public static Account of(String name, @Nullable String id, String pathName) {
        return new Account(name, id, pathName, true);
    }

    public static Account missing(String name) {
        return new Account(name, null, name, false);
    }
}
