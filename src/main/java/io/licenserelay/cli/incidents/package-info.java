/** The commands about failures: open incidents, events, explanations, replays, and the event schemas. */
@NullMarked
package io.licenserelay.cli.incidents;

import org.jspecify.annotations.NullMarked;
