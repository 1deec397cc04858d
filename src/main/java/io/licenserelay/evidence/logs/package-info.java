/**
 * What logs say around a failure, with the time they cover, and what may be read off them. Lines are written by others: they are
 * bounded, stripped of control characters, and never interpreted beyond what their formats say.
 */
@NullMarked
package io.licenserelay.evidence.logs;

import org.jspecify.annotations.NullMarked;
