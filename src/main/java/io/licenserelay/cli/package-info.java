/** The command line: parses options and prints results. It makes no decisions about syncs or incidents. */
@NullMarked
package io.licenserelay.cli;

import org.jspecify.annotations.NullMarked;
