package io.licenserelay.cluster.ownership;

import java.time.Duration;

/**
 * How long the rules of ownership wait.
 *
 * @param grace how long a key waits for its preferred node, and how long the nodes must be the same before a key moves
 * @param busy how long a key that is to move may stay busy before its owner begins no new work for it
 */
public record OwnershipTimes(Duration grace, Duration busy) {}
