/** Excerpts of logs: their lines, the time they cover, the bytes they rest on, and their order on one timeline. */
@NullMarked
package io.licenserelay.evidence.excerpt;

import org.jspecify.annotations.NullMarked;
