/**
 * The interface to Kafka: batches, dead letters, topic setup, and the diagnosis of a broker that does not answer.
 * Headers of a record never become headers of a Camel message.
 */
@NullMarked
package io.licenserelay.event.kafka;

import org.jspecify.annotations.NullMarked;
