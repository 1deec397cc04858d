package io.licenserelay.app.member;

import java.util.Set;

/**
 * The work of the relay, by owner. A key is the name of a site, or {@link io.licenserelay.store.Database#RELAY}. The calls for
 * one key come one after the other.
 */
public interface OwnedWork {
    /** All keys of the configuration. */
    Set<String> keys();

    /** Begins to work for the key, before its routes start: takes over what another process left. */
    void begin(String key);

    /** The work for the key has ended, or must end: another process takes it over. */
    void end(String key);

    /** Takes up what other processes left for this one. Called regularly while relays share the database. */
    void collect();

    /** Whether no work for the key is in progress. Must not block. */
    boolean isIdle(String key);

    /** Whether this process has what the work for the key needs. Must not block. */
    boolean isFit(String key);

    /** Whether no work at all is in progress. Must not block. */
    boolean isQuiet();
}
