package io.licenserelay.cluster;

import io.licenserelay.cluster.configuration.SiteDigests;
import java.util.Set;

/** What the protocol needs to know of the work of this node. The heartbeat's thread calls it, so its methods must not block. */
public interface LocalWork {
    /** The keys of the configuration: the names of the sites, and {@code relay} for what belongs to no site. */
    Set<String> keys();

    /**
     * The sites of the configuration with their digests. Other nodes see a change with the next heartbeat. A site that no node has here is
     * not compared, and each node may own it.
     */
    SiteDigests digests();

    /** Whether no work of the key is in progress, so that the key can move to another node. */
    boolean isIdle(String key);

    /**
     * Whether this node has what the work of the key needs. A node that lacks something gives the key up once, and takes it again
     * only if no other node does, or when it has what it lacked.
     */
    boolean isFit(String key);

    /** Whether nothing at all is in flight. A node that lost its session joins again only then. */
    boolean isQuiet();
}
