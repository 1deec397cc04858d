package io.licenserelay.sync.run;

import io.licenserelay.inventory.InventoryChanges;

/** Totals over several virtual accounts. */
record SyncCounts(
        int virtualAccounts, long licenses, long outOfCompliance, long devices, long added, long changed, long gone) {
    static final SyncCounts NONE = new SyncCounts(0, 0, 0, 0, 0, 0, 0);

    /** Adds a virtual account. */
    SyncCounts plus(InventoryChanges va) {
        return new SyncCounts(
                virtualAccounts + 1,
                licenses + va.licenses(),
                outOfCompliance + va.outOfCompliance(),
                devices + va.devices(),
                added + va.added(),
                changed + va.changed(),
                gone + va.gone());
    }
}
