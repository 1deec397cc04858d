/**
 * Concludes causes from findings by the rules of {@code diagnoses.yaml} and the files of {@code diagnoses.d}. A diagnosis uses no clock, no
 * file and no network; only reading the rules does.
 */
@NullMarked
package io.licenserelay.diagnosis;

import org.jspecify.annotations.NullMarked;
