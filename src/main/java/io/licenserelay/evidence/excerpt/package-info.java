/** Excerpts of logs: lines, covered time, source bytes, and a common timeline. */
@NullMarked
package io.licenserelay.evidence.excerpt;

import org.jspecify.annotations.NullMarked;
