/** The local API between commands and a running relay on the same data folder: HTTP on the loopback address. */
@NullMarked
package io.licenserelay.console;

import org.jspecify.annotations.NullMarked;
