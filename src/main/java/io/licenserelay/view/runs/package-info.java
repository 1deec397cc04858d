/** Runs of sites as the store records them, read-only. */
@NullMarked
package io.licenserelay.view.runs;

import org.jspecify.annotations.NullMarked;
