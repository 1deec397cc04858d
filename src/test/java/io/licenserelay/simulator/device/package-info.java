/** A simulated IOS-XE device. */
@NullMarked
package io.licenserelay.simulator.device;

import org.jspecify.annotations.NullMarked;
