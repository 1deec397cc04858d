/** What all commands share: the options for the folders, the log level, and how errors are shown. */
@NullMarked
package io.licenserelay.cli.common;

import org.jspecify.annotations.NullMarked;
