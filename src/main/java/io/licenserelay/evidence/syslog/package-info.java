/**
 * Receives logs as syslog and keeps them in files of bounded size, one line per message. Messages that could not be kept are
 * counted, in the file too.
 */
@NullMarked
package io.licenserelay.evidence.syslog;

import org.jspecify.annotations.NullMarked;
