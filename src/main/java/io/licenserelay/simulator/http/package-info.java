/** Requests to simulated servers, and the log of what was asked. */
@NullMarked
package io.licenserelay.simulator.http;

import org.jspecify.annotations.NullMarked;
