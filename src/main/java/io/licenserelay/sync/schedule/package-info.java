/**
 * Decides when runs are due and how many run in parallel, and handles steps of the wall clock: deadlines follow the
 * elapsed time, and the next runs are due by the new clock.
 */
@NullMarked
package io.licenserelay.sync.schedule;

import org.jspecify.annotations.NullMarked;
