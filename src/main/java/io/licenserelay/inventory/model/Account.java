package io.licenserelay.inventory.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Smart Account.
 *
 * @param id SSM's own number for it, as text
 * @param pathName what stands for it in paths: its name, or its domain in the cloud
 * @param vaIds SSM's own numbers of its virtual accounts by their names, as far as the list of accounts told them
 * @param listed false when it was there before and SSM lists it no more
 */
public record Account(String name, @Nullable String id, String pathName, Map<String, String> vaIds, boolean listed) {

    /** One that SSM listed. */
    public static Account of(String name, @Nullable String id, String pathName, Map<String, String> vaIds) {
        return new Account(name, id, pathName, Map.copyOf(vaIds), true);
    }

    /** An account of which only the name is known. */
    public static Account named(String name) {
        return of(name, null, name, Map.of());
    }

    public static Account missing(String name) {
        return new Account(name, null, name, Map.of(), false);
    }
}
