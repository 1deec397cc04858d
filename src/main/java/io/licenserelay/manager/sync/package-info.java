/** Requests syncs from the SD-WAN Manager. No other package makes a Manager change anything. */
@NullMarked
package io.licenserelay.manager.sync;

import org.jspecify.annotations.NullMarked;
