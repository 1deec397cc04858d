/** Runs: one sync of one site, from its cause to its outcome, and what is told of it. */
@NullMarked
package io.licenserelay.sync;

import org.jspecify.annotations.NullMarked;
