/** Common parts of the redaction rules: spans, the end of a value, and names that denote secrets. */
@NullMarked
package io.licenserelay.redact.match;

import org.jspecify.annotations.NullMarked;
