/** A log line and its parts: the written timestamp, the time, and the request it concerns. */
@NullMarked
package io.licenserelay.evidence.logs.line;

import org.jspecify.annotations.NullMarked;
