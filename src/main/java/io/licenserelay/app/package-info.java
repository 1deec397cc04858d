/** Builds the relay: one module class per flow, and the Camel context that runs the routes. */
@NullMarked
package io.licenserelay.app;

import org.jspecify.annotations.NullMarked;
