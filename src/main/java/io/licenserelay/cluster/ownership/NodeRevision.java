package io.licenserelay.cluster.ownership;

/**
 * Which configuration a live node has. It changes whenever the node accepts a configuration, also if that is one that it had before, and when
 * the node has again what the work of a site needs.
 *
 * @param configuration the digest over all of its sites; empty if the node has not reported one yet
 * @param acceptedAt milliseconds since 1970 by the database's clock
 */
public record NodeRevision(String configuration, long acceptedAt) {
    /** Of a node that has not reported its configuration yet. */
    public static final NodeRevision NONE = new NodeRevision("", 0);
}
