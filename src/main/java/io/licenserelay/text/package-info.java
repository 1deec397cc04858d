/**
 * Text and JSON for every package: one JSON mapper, bounded JSON trees, the names of constants on the wire, and texts cut to a
 * length.
 */
@NullMarked
package io.licenserelay.text;

import org.jspecify.annotations.NullMarked;
