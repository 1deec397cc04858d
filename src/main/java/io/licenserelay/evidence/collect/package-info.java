/**
 * Collects the evidence of one failure: chooses the probes and logs, and aggregates the results of the routes {@code 50} to {@code 56}
 * until the deadline. A missing result is reported as late; the relay does not wait for it. A late result never changes evidence that is
 * already in use.
 */
@NullMarked
package io.licenserelay.evidence.collect;

import org.jspecify.annotations.NullMarked;
