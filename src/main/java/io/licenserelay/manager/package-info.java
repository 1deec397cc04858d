/**
 * The SD-WAN Manager's interface: logging in and out, what it says of its licensing and of its own syncs, and its log. It reads;
 * {@link io.licenserelay.manager.SyncCalls} alone makes a Manager do something: sync, where {@code push: manager} says so.
 */
@NullMarked
package io.licenserelay.manager;

import org.jspecify.annotations.NullMarked;
