package io.licenserelay.cluster.ownership;

import java.util.Set;

/**
 * What one statement shows of the cluster.
 *
 * @param live the nodes whose advisory lock is held
 * @param rows the number of rows of {@code site_owner}
 * @param epochs the sum of their epochs; both numbers together change whenever an owner changes
 */
public record Observation(Set<String> live, long rows, long epochs) {}
