/** How a command reaches a running relay on the same data folder: an HTTP server on the loopback address. */
@NullMarked
package io.licenserelay.console;

import org.jspecify.annotations.NullMarked;
