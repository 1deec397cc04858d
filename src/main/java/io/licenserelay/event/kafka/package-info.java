/**
 * The edge to Kafka: batches, dead letters, topic setup, and what a broker that does not answer is doing. Headers of a record never
 * become headers of a Camel message.
 */
@NullMarked
package io.licenserelay.event.kafka;

import org.jspecify.annotations.NullMarked;
