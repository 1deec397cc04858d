/**
 * Reads configuration text into values: blocks of YAML, properties, durations, sizes, addresses. A mistake is a problem with a line
 * and a fix.
 */
@NullMarked
package io.licenserelay.config.yaml;

import org.jspecify.annotations.NullMarked;
