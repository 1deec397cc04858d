package io.licenserelay.cluster.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What this node knows of the configurations of all nodes that share its database. Thread-safe. */
public interface NodeConfigurations {
    /**
     * The nodes that are alive, or were within the last time.
     *
     * @throws RuntimeException if the database cannot be read
     */
    Set<String> seenWithin(Duration time);

    /** The sites about which the live nodes did not agree during all of the last time, as far as this node observed it. */
    List<SiteDifference> differences(Duration lasting);

    /**
     * Whether all live nodes say the same about the site, and have done so for a time in which a node that lost its session returns: all have it
     * with the same digest, or none has it. False while this node does not know the others.
     */
    boolean agreed(String site);

    /** Whether another live node may have a site that this one does not have. True while this node does not know the others. */
    boolean isElsewhere(String site);
}
