package io.licenserelay.inventory.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Smart Account.
 *
 * @param id SSM's numeric id, as text
 * @param pathName the account in URL paths: its name, or its domain in the cloud
 * @param vaIds SSM's numeric ids of its virtual accounts by name, as far as the list of accounts contains them
 * @param listed false if SSM no longer lists the account
 */
public record Account(String name, @Nullable String id, String pathName, Map<String, String> vaIds, boolean listed) {

    /** An account that SSM listed. */
    public static Account of(String name, @Nullable String id, String pathName, Map<String, String> vaIds) {
        return new Account(name, id, pathName, Map.copyOf(vaIds), true);
    }

    /** An account with only a known name. */
    public static Account named(String name) {
        return of(name, null, name, Map.of());
    }

    public static Account missing(String name) {
        return new Account(name, null, name, Map.of(), false);
    }
}
