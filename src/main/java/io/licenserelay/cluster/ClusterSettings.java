package io.licenserelay.cluster;

import io.licenserelay.cluster.ownership.OwnershipTimes;
import java.time.Duration;

/**
 * The times of the protocol. A node that died is replaced within {@code timeout} plus {@code heartbeat}.
 *
 * @param heartbeat between two statements of a node's session
 * @param timeout after this silence PostgreSQL ends the session; at least three heartbeats
 * @param grace how long a key waits for its preferred node, and how long the nodes must be the same before a key moves
 * @param busy how long a key that is to move may stay busy before its owner begins no new work for it
 * @param clockWarning the clock difference to report
 * @param clockLimit the clock difference with which a node may not join
 */
public record ClusterSettings(
        Duration heartbeat,
        Duration timeout,
        Duration grace,
        Duration busy,
        Duration clockWarning,
        Duration clockLimit) {
    public static final ClusterSettings DEFAULT = new ClusterSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30));

    public ClusterSettings {
        if (timeout.compareTo(heartbeat.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("the timeout must be at least three heartbeats");
        }
    }

    OwnershipTimes ownership() {
        return new OwnershipTimes(grace, busy);
    }

    /** After this time a live node owns each key, whatever happened to its former owner. */
    public Duration takeover() {
        return timeout.plus(grace).plus(heartbeat).plus(heartbeat);
    }

    /** The longest statement of the session: its answer comes before the session is too old. */
    Duration statement() {
        return timeout.dividedBy(2);
    }

    /** How long a node waits for its own former session to end. */
    Duration patience() {
        return timeout.plus(heartbeat).plus(heartbeat);
    }
}
