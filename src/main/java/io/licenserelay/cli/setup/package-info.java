/** The commands before the first run: check, doctor, trust, requirements and compatibility. */
@NullMarked
package io.licenserelay.cli.setup;

import org.jspecify.annotations.NullMarked;
