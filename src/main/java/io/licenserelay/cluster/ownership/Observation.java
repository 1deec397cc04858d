package io.licenserelay.cluster.ownership;

import java.util.Map;
import java.util.Set;

/**
 * What one statement shows of the cluster.
 *
 * @param nodes the nodes whose advisory lock is held, each with the configuration that it has
 * @param rows the number of rows of {@code site_owner}
 * @param epochs the sum of their epochs; both numbers together change whenever an owner changes
 */
public record Observation(Map<String, NodeRevision> nodes, long rows, long epochs) {
    Set<String> live() {
        return nodes.keySet();
    }
}
