/** Shared by all commands: the folder options, the log level, the output and the printing of errors. */
@NullMarked
package io.licenserelay.cli.common;

import org.jspecify.annotations.NullMarked;
