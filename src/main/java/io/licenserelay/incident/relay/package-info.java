/** Incidents of the relay itself: Kafka is unreachable, or the database cannot be written. */
@NullMarked
package io.licenserelay.incident.relay;

import org.jspecify.annotations.NullMarked;
