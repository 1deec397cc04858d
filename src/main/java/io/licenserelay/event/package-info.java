/** Events on their way to Kafka: CloudEvents, and the outbox in which they wait. It knows no domain. */
@NullMarked
package io.licenserelay.event;

import org.jspecify.annotations.NullMarked;
