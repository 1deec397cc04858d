/**
 * The SD-WAN Manager's interface: logging in and out, what it says of its licensing and of its own syncs, and its log. It reads;
 * nothing here makes a Manager do anything.
 */
@NullMarked
package io.licenserelay.manager;

import org.jspecify.annotations.NullMarked;
