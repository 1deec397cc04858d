/** Detects inputs that end the relay process, and quarantines their bytes until an operator retries them. */
@NullMarked
package io.licenserelay.reports.quarantine;

import org.jspecify.annotations.NullMarked;
