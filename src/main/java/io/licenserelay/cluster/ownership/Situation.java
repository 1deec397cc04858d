package io.licenserelay.cluster.ownership;

import io.licenserelay.cluster.configuration.ConfigurationComparison;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a node knows when it decides. Times are readings of the node's monotonic clock.
 *
 * @param keys the keys of the configuration
 * @param stableSince since when keys, live nodes and their configurations are the same
 * @param configurations which nodes have the newest configuration of a key
 * @param free the keys without a live owner, and since when this node knows it
 * @param stray the keys whose row names this node, which holds no lease for them: they are from an earlier session of the node
 * @param held the keys that this node holds a lease for
 * @param leaving those of them whose routes this node stops in order to release them
 * @param paused those of them for which this node begins no new work
 * @param departing those of them that belong to another node, and since when
 * @param declined the preferred node that did not take a key in time
 * @param givenUp the keys that this node gave up since the nodes changed last, because it was not fit for them
 * @param idle whether no work of a key is in progress
 * @param fit whether this node has what the work of a key needs
 * @param settled whether the listeners of a key have handled all changes
 */
record Situation(
        String node,
        Duration now,
        OwnershipTimes times,
        Duration stableSince,
        Placement placement,
        ConfigurationComparison configurations,
        Set<String> keys,
        Map<String, Duration> free,
        Set<String> stray,
        Set<String> held,
        Set<String> leaving,
        Set<String> paused,
        Map<String, Duration> departing,
        Map<String, String> declined,
        Set<String> givenUp,
        Predicate<String> idle,
        Predicate<String> fit,
        Predicate<String> settled) {}
