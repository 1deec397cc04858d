/**
 * Takes secrets out of text before it is written, sent or shown. It knows no other package of the relay: it is given values and
 * text. A secret is replaced by a mark, the same for the same secret, so that a reader can still follow it.
 */
@NullMarked
package io.licenserelay.redact;

import org.jspecify.annotations.NullMarked;
