package io.licenserelay.app.member;

import io.licenserelay.cluster.configuration.SiteDigests;
import java.util.Set;

/**
 * The work of the relay, by owner. A key is the name of a site, or {@link io.licenserelay.store.Database#RELAY}. The calls for
 * one key come one after the other.
 */
public interface OwnedWork {
    /** All keys of the configuration. */
    Set<String> keys();

    /** The sites of the configuration, each with the digest of what the configuration says about it. */
    SiteDigests digests();

    /** Begins to work for the key, before its routes start: takes over what another process left. */
    void begin(String key);

    /**
     * Cancels the work for the key that waits, so that the key becomes idle. What is in progress goes on. Is followed by {@link #end}, or by
     * {@link #collect} if the key stays.
     */
    void pause(String key);

    /** The work for the key has ended, or must end: another process takes it over. */
    void end(String key);

    /**
     * Ends what is left of sites that no process has in its configuration any more. Called after each change of a configuration while this
     * process works for {@link io.licenserelay.store.Database#RELAY}.
     */
    void retire();

    /** Takes up what other processes left for this one. Called regularly while relays share the database. */
    void collect();

    /**
     * Checks again what this process lacked for keys that it was not fit for, so that {@link #isFit} becomes true after a repair. Called
     * regularly while relays share the database, also for keys that another process works for. May wait for a file server.
     */
    void recheck();

    /** Whether no work for the key is in progress. Must not block. */
    boolean isIdle(String key);

    /** Whether this process has what the work for the key needs. Must not block. */
    boolean isFit(String key);

    /** Whether no work at all is in progress. Must not block. */
    boolean isQuiet();
}
