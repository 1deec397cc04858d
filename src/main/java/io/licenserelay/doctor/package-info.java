/** Checks of a live configuration: the relay itself, Kafka, and every site, by the probes and rules of a failed run. */
@NullMarked
package io.licenserelay.doctor;

import org.jspecify.annotations.NullMarked;
