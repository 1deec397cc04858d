package io.licenserelay.cluster;

import io.licenserelay.store.schema.Migrations;

/**
 * What a node is: its name, and for people where it runs and in which version.
 *
 * @param name unique in the cluster
 * @param version of the relay
 * @param schemaVersion the schema version of the relay: the database says which ones may use it
 */
public record NodeIdentity(String name, String host, String version, int schemaVersion) {
    /** A node of this version. */
    public NodeIdentity(String name, String host, String version) {
        this(name, host, version, Migrations.PACKED.version());
    }
}
