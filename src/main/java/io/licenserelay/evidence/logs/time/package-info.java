/** Determines the year and the time zone of timestamps that lack them. */
@NullMarked
package io.licenserelay.evidence.logs.time;

import org.jspecify.annotations.NullMarked;
