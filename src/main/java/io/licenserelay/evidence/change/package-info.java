/** What changed since the last good run: settings and observed facts. */
@NullMarked
package io.licenserelay.evidence.change;

import org.jspecify.annotations.NullMarked;
