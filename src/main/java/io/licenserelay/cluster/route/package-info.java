/**
 * Ownership behind Camel's cluster SPI: a view per key, and a route policy that starts and stops the routes of a key. Everything that starts
 * or stops a route runs on the shared executor of the node's changes, in order per key. A route that cannot be started is tried again with
 * each heartbeat.
 */
@NullMarked
package io.licenserelay.cluster.route;

import org.jspecify.annotations.NullMarked;
