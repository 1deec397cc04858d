/**
 * Reads the SD-WAN Manager: its settings, its license compliance, its log, and the history of its own syncs. It changes nothing.
 */
@NullMarked
package io.licenserelay.manager.state;

import org.jspecify.annotations.NullMarked;
