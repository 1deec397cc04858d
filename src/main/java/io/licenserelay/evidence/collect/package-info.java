/**
 * Collects the evidence of one failure: decides which probes and logs to run, and aggregates what the routes {@code 50} to {@code
 * 56} bring before the deadline. What comes late is named, never waited for. A late result cannot change evidence that is already
 * used.
 */
@NullMarked
package io.licenserelay.evidence.collect;

import org.jspecify.annotations.NullMarked;
