package io.licenserelay.cluster;

import io.licenserelay.store.schema.Migrations;
import java.util.Locale;

/**
 * What a node is: its name, and for people where it runs and in which version.
 *
 * @param name unique in the cluster
 * @param version of the relay
 * @param schemaVersion the schema version of the relay: the database says which ones may use it
 */
public record NodeIdentity(String name, String host, String version, int schemaVersion) {
    /** PostgreSQL cuts longer names of applications. */
    private static final int MAX_APPLICATION_NAME = 63;

    private static final String PREFIX = "license-relay ";

    /** A node of this version. */
    public NodeIdentity(String name, String host, String version) {
        this(name, host, version, Migrations.PACKED.version());
    }

    /**
     * The {@code application_name} of all connections of a node, by which the others find transactions that it left when it died. It has
     * at most 63 characters: a longer name is cut, and ends with a hash of the whole.
     */
    public static String applicationName(String node) {
        String whole = PREFIX + node;
        if (whole.length() <= MAX_APPLICATION_NAME) {
            return whole;
        }
        String hash = String.format(Locale.ROOT, "~%08x", node.hashCode());
        return whole.substring(0, MAX_APPLICATION_NAME - hash.length()) + hash;
    }
}
