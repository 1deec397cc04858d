/** The commands for setup and checks: check, doctor, trust, requirements, compat and routes. */
@NullMarked
package io.licenserelay.cli.setup;

import org.jspecify.annotations.NullMarked;
