/**
 * Knows what was being read when the process died, and keeps aside the bytes that ended it, until an operator retries them.
 */
@NullMarked
package io.licenserelay.reports.quarantine;

import org.jspecify.annotations.NullMarked;
