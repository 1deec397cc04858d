/** Rules for secrets without phrases: key names, headers, command options, known formats, high entropy, and known values. */
@NullMarked
package io.licenserelay.redact.rules;

import org.jspecify.annotations.NullMarked;
