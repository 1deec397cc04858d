/**
 * Incidents of the relay itself: Kafka is unreachable, the database cannot be written, or the configuration of a node is not valid or not that of
 * the other nodes. They share one place, so an incident has one cause at a time; that of a configuration gives way to every other one.
 */
@NullMarked
package io.licenserelay.incident.relay;

import org.jspecify.annotations.NullMarked;
