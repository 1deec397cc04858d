/** What goes to Kafka: CloudEvents, the outbox they wait in, and how the outbox becomes records. It knows no domain. */
@NullMarked
package io.licenserelay.event;

import org.jspecify.annotations.NullMarked;
