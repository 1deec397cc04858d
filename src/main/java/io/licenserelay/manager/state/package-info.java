/** Reads the SD-WAN Manager's settings, license compliance and log, and the history of its own syncs. It never changes the Manager. */
@NullMarked
package io.licenserelay.manager.state;

import org.jspecify.annotations.NullMarked;
