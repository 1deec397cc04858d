/** Asks the SD-WAN Manager to sync. Nothing else makes a Manager change anything. */
@NullMarked
package io.licenserelay.manager.sync;

import org.jspecify.annotations.NullMarked;
