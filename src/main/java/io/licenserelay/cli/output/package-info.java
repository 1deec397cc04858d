/** Output formats of the commands: text, tables and colours for people, JSON and CSV for programs. */
@NullMarked
package io.licenserelay.cli.output;

import org.jspecify.annotations.NullMarked;
