package io.licenserelay.cluster;

import io.licenserelay.cluster.ownership.Lease;

/**
 * Is called on a shared executor, never on the heartbeat's thread, except where stated. The calls of one key come in order, one at
 * a time.
 */
public interface OwnershipListener {
    /** This node owns the key from now on. */
    void taken(String key, Lease lease);

    /** This node must stop the work of the key: it lost the key, or it is about to hand the key over. */
    void lost(String key);

    /**
     * This node must begin no new work of the key, which waits for the end of its work in order to move to another node. What is in progress
     * goes on. Is followed by {@code lost} or by {@code resumed}.
     */
    default void paused(String key) {}

    /** The key does not move after all: this node begins work of it again. */
    default void resumed(String key) {}

    /**
     * The session ended, and this node owns nothing. Comes on the thread that noticed it, beside the calls of {@code lost}, which may
     * wait for work that is in progress. Must not block.
     */
    default void sessionLost() {}

    /** A heartbeat passed. Comes in no order with the other calls, and is left out while the last one still runs. */
    default void beat() {}
}
