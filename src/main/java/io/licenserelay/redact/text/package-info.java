/** Decoding of text: escapes, hex, colours, spaced characters. A secret is found in every form in which it can be written. */
@NullMarked
package io.licenserelay.redact.text;

import org.jspecify.annotations.NullMarked;
