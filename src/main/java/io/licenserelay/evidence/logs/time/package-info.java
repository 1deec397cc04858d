/** Finds the year and the time zone of stamps that do not say them. */
@NullMarked
package io.licenserelay.evidence.logs.time;

import org.jspecify.annotations.NullMarked;
