/**
 * Takes secrets out of text before it is written, sent or shown. Knows no other package: it is given values and text.
 * What is found is replaced by a mark, the same one for the same secret, so that a reader can still follow it.
 */
@NullMarked
package io.licenserelay.redact;

import org.jspecify.annotations.NullMarked;
