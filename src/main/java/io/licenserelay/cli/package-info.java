/** The commands, and the one place where everything is put together. */
@NullMarked
package io.licenserelay.cli;

import org.jspecify.annotations.NullMarked;
