/**
 * Parses configuration text into values: YAML blocks, properties, durations, sizes, addresses. Each mistake becomes a problem with a line
 * and a fix.
 */
@NullMarked
package io.licenserelay.config.yaml;

import org.jspecify.annotations.NullMarked;
