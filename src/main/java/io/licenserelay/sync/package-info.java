/**
 * Runs: one sync of one site, from its cause to its outcome, and what is told of it. {@link io.licenserelay.sync.DueRuns} says what is due,
 * {@link io.licenserelay.sync.RunQueue} how many run at once, {@link io.licenserelay.sync.ClockWatch} notices that the clock was set.
 */
@NullMarked
package io.licenserelay.sync;

import org.jspecify.annotations.NullMarked;
