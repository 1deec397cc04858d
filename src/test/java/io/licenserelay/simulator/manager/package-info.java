/** A simulated SD-WAN Manager. */
@NullMarked
package io.licenserelay.simulator.manager;

import org.jspecify.annotations.NullMarked;
