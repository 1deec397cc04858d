/**
 * Who owns what in a cluster of relays on PostgreSQL. A key is the name of a site, or {@code relay} for what
 * belongs to no site; it has at most one owner.
 *
 * <p>A node is alive while its one dedicated session ({@code NodeSession}) holds the node's advisory lock. PostgreSQL ends the session, and
 * with it the lock, when the node is silent for the timeout: a dead, paused or cut-off node loses what it owns. A node stops believing in its
 * own leases before PostgreSQL does, by its monotonic clock. The epoch of a lease fences the writes of a former owner; the store checks it.
 *
 * <p>Threads: the heartbeat has its own thread and never runs a listener. Listeners run on a shared executor, in order per key. When a step of
 * the protocol fails, the session is given up: the node announces that it owns nothing, and joins again once nothing is in flight.
 *
 * <p>Package {@code ownership} has the rules, package {@code configuration} compares what the nodes have in their configurations, package
 * {@code route} puts ownership behind Camel's cluster SPI. SQL that only PostgreSQL understands is in {@code ClusterSql} and
 * {@code configuration.ConfigurationTable} alone.
 */
@NullMarked
package io.licenserelay.cluster;

import org.jspecify.annotations.NullMarked;
