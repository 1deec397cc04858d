/**
 * From findings to a named cause: the rules of {@code diagnoses.yaml} with the files of {@code diagnoses.d} over them. A decision is pure:
 * no clock, no file, no network; files are read only when the rules are.
 */
@NullMarked
package io.licenserelay.diagnosis;

import org.jspecify.annotations.NullMarked;
