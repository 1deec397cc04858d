/**
 * Secrets by other signs than phrases: key names, headers, options of commands, known shapes, high entropy, and values that are
 * known to be secret.
 */
@NullMarked
package io.licenserelay.redact.rules;

import org.jspecify.annotations.NullMarked;
