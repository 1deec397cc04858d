/** Requests to simulated servers, and the log of these requests. */
@NullMarked
package io.licenserelay.simulator.http;

import org.jspecify.annotations.NullMarked;
