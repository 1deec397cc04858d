/** Incidents with their evidence, read-only. */
@NullMarked
package io.licenserelay.view.incidents;

import org.jspecify.annotations.NullMarked;
