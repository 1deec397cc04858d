/**
 * The evidence model: a failure, the probes that look at its target, their results, and the findings on which diagnoses rest.
 * Nothing here collects.
 */
@NullMarked
package io.licenserelay.evidence;

import org.jspecify.annotations.NullMarked;
