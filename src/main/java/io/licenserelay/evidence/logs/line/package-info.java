/** A line of a log and its parts: the stamp as written, the instant, the request it is about. */
@NullMarked
package io.licenserelay.evidence.logs.line;

import org.jspecify.annotations.NullMarked;
