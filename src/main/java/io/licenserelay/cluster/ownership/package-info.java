/**
 * The ownership protocol without its database: which node should own which key, and what a node does about it. {@code Placement} and
 * {@code OwnershipDecision} are pure. {@code Ownership} is the memory of one node and runs one step of the protocol per heartbeat over
 * {@code OwnershipTable}, which is PostgreSQL in a relay and memory in the simulation. Nothing here has a thread or reads a clock.
 */
@NullMarked
package io.licenserelay.cluster.ownership;

import org.jspecify.annotations.NullMarked;
