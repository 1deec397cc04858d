package io.licenserelay.store.schema;

/**
 * The schema of a database, as a relay with certain migrations sees it.
 *
 * @param fit whether that relay may use it
 * @param version the version of the schema; 0 if there is none
 * @param oldest the oldest version that a relay must have to use the database; 0 if there is no schema
 * @param own the version of the relay
 */
public record SchemaState(Fit fit, int version, int oldest, int own) {

    /** How the schema of a database relates to the migrations of a relay. */
    public enum Fit {
        /** There is no schema yet. */
        EMPTY,
        /** Other migrations made it, those of a development version from before the first release. */
        FOREIGN,
        /** The relay has migrations that the database lacks. */
        OLDER,
        SAME,
        /** A newer relay migrated it, with changes that this relay may ignore. */
        NEWER,
        /** A newer relay migrated it, with changes that this relay must not ignore. */
        TOO_NEW
    }

    /** For {@code TOO_NEW}: both versions and what to do, from the verb of the first sentence on. */
    public String refusal() {
        return "has schema version " + version
                + ", written by a newer version of License Relay. Only relays with schema"
                + " version " + oldest + " or higher may use it; this relay has schema version " + own
                + ". Nothing was changed. Install the newer version again, or restore the backup from before the upgrade.";
    }

    /** For {@code OLDER}, if the schema must stay as it is: both versions and what to do, from the verb of the first sentence on. */
    public String delay() {
        return "has schema version " + version
                + ", written by an older version of License Relay; this version needs schema version "
                + own + ". Nothing was changed. Start a relay of this version, which brings the schema up to date,"
                + " or use the command of the older version until then.";
    }
}
