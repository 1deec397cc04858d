/** The licenses, subscriptions and devices that a simulated SSM holds. */
@NullMarked
package io.licenserelay.simulator.estate;

import org.jspecify.annotations.NullMarked;
