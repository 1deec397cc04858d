/**
 * How batches of the outbox reach Kafka: one {@code Publication} for the only relay of a database, one for relays that share a
 * database. The route {@code publish-send} calls it around the step that sends. One batch at a time; a batch that fails leaves
 * no open transaction, and its events stay in the outbox.
 */
@NullMarked
package io.licenserelay.event.kafka.publication;

import org.jspecify.annotations.NullMarked;
