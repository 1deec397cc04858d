/**
 * When runs are due, how many run at once, and what happens when the wall clock is set: deadlines pass by elapsed time, and the next
 * runs are due by the new clock.
 */
@NullMarked
package io.licenserelay.sync.schedule;

import org.jspecify.annotations.NullMarked;
