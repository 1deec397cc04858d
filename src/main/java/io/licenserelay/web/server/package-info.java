/** The HTTP server of API and console: its listeners, their limits, and its place in the Camel context. */
@NullMarked
package io.licenserelay.web.server;

import org.jspecify.annotations.NullMarked;
