/** Text and tables for people, JSON for programs. */
@NullMarked
package io.licenserelay.cli.output;

import org.jspecify.annotations.NullMarked;
