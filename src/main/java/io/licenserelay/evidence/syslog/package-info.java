/**
 * Receives logs as syslog and stores them in files of limited size, one line per message. Messages that could not be stored are counted;
 * the file contains a notice.
 */
@NullMarked
package io.licenserelay.evidence.syslog;

import org.jspecify.annotations.NullMarked;
