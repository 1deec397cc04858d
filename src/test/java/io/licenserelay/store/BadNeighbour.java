package io.licenserelay.store;

import io.licenserelay.event.Outbox;
import io.licenserelay.simulator.estate.Estate;
import org.jspecify.annotations.Nullable;

/** Knows whom nobody down here may know; the architecture's rules are proven on it. */
public final class BadNeighbour {
    @Nullable
    Outbox above;

    @Nullable
    Estate demo;
}
