package io.licenserelay.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A node of the cluster, for people. The times are those of the database's clock.
 *
 * @param since when it joined for the last time
 * @param heartbeatAt the last heartbeat that was written down, which is not each of them
 * @param stoppedAt when it left in an orderly way; empty while it runs, or if it died
 * @param alive whether it holds its lock
 * @param clockAhead how much its clock is ahead of the database's; negative if it is behind
 * @param failedRoutes JSON, by id the routes that it could not start or stop, and why; empty if there are none
 * @param keys what it owns, sorted; a node that is not alive has what nobody took over yet
 */
public record NodeStatus(
        String name,
        String host,
        String version,
        Instant since,
        Instant heartbeatAt,
        Optional<Instant> stoppedAt,
        boolean alive,
        Duration clockAhead,
        Optional<String> failedRoutes,
        List<String> keys) {}
