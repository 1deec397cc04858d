/** What ends or is due, by time, read-only. */
@NullMarked
package io.licenserelay.view.calendar;

import org.jspecify.annotations.NullMarked;
