/** The parts of every redaction rule: a span of text, the end of a value, and the names under which secrets travel. */
@NullMarked
package io.licenserelay.redact.match;

import org.jspecify.annotations.NullMarked;
