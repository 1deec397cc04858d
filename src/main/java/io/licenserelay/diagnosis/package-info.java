/** From findings to a named cause: the rules of {@code diagnoses.yaml}, and the catalogue's entries. Pure. */
@NullMarked
package io.licenserelay.diagnosis;

import org.jspecify.annotations.NullMarked;
