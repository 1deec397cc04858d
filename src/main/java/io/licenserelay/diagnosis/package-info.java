/** Concludes causes from findings by the rules of {@code diagnoses.yaml}. A diagnosis uses no clock, no file and no network. */
@NullMarked
package io.licenserelay.diagnosis;

import org.jspecify.annotations.NullMarked;
