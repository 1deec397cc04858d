package io.licenserelay.sync.run;

import io.licenserelay.inventory.InventoryChanges;

/** What was counted over some virtual accounts. */
record SyncCounts(
        int virtualAccounts, long licenses, long outOfCompliance, long devices, long added, long changed, long gone) {
    static final SyncCounts NONE = new SyncCounts(0, 0, 0, 0, 0, 0, 0);

    /** With one more virtual account. */
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
