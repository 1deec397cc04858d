/** What an operator can request: in this process, from the relay that runs on a data folder, or from the relays of a cluster. */
@NullMarked
package io.licenserelay.actions;

import org.jspecify.annotations.NullMarked;
