/** The command line: parses and prints. Decisions are made elsewhere. */
@NullMarked
package io.licenserelay.cli;

import org.jspecify.annotations.NullMarked;
