package io.licenserelay.sync;

import io.licenserelay.inventory.Changes;

/** What was counted over some virtual accounts. */
record Tally(
        int virtualAccounts, long licenses, long outOfCompliance, long devices, long added, long changed, long gone) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0);

    /** With one more virtual account. */
    Tally plus(Changes va) {
        return new Tally(
                virtualAccounts + 1,
                licenses + va.licenses(),
                outOfCompliance + va.outOfCompliance(),
                devices + va.devices(),
                added + va.added(),
                changed + va.changed(),
                gone + va.gone());
    }
}
