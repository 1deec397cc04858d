/** Events for Kafka: CloudEvents, and the outbox in which they wait. This package depends on no domain package. */
@NullMarked
package io.licenserelay.event;

import org.jspecify.annotations.NullMarked;
