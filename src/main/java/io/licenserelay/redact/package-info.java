/**
 * Removes secrets from text before it is written, sent or shown. It depends on no other package of the relay; its inputs are values and
 * text. A secret is replaced by a mark that is always the same for the same secret, so a reader can recognize it.
 */
@NullMarked
package io.licenserelay.redact;

import org.jspecify.annotations.NullMarked;
