/**
 * Receives logs as syslog and keeps them in files that never grow beyond a bound, one line a message; the log reader reads those as any
 * other. What could not be kept is counted and told, in the file too.
 */
@NullMarked
package io.licenserelay.evidence.syslog;

import org.jspecify.annotations.NullMarked;
