/**
 * Reads what a log says around a failure, and which time that covers. Lines are written by others: they are bounded, stripped of
 * control characters, and never interpreted beyond what their formats say.
 */
@NullMarked
package io.licenserelay.evidence.logs;

import org.jspecify.annotations.NullMarked;
