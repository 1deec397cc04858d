/** From findings to a named cause: the rules of {@code diagnoses.yaml}. Pure: no clock, no file, no network. */
@NullMarked
package io.licenserelay.diagnosis;

import org.jspecify.annotations.NullMarked;
