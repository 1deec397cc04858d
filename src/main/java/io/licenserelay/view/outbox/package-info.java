/** Events that wait for Kafka, read-only. */
@NullMarked
package io.licenserelay.view.outbox;

import org.jspecify.annotations.NullMarked;
