package io.licenserelay.cluster.ownership;

/**
 * Proof that a node owned a key when it took it. A writer compares it with the row of {@code site_owner} in its transaction.
 *
 * @param epoch the epoch of that row when the node took the key; it rises with each change of the owner
 */
public record Lease(String node, long epoch) {}
