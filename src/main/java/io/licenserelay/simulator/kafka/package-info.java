/** A real Kafka broker in this process, for the demo and for tests. */
@NullMarked
package io.licenserelay.simulator.kafka;

import org.jspecify.annotations.NullMarked;
