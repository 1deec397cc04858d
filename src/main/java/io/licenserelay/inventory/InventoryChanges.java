package io.licenserelay.inventory;

import java.util.List;

/**
 * What one pull of a virtual account made different.
 *
 * @param licenses how many it has now
 * @param outOfCompliance how many of them are out of compliance now
 * @param newlyOut names that went out of compliance, the first {@link #NAMES} in order
 */
public record InventoryChanges(
        long licenses, long outOfCompliance, long devices, long added, long changed, long gone, List<String> newlyOut) {

    /** How many names are told. */
    public static final int NAMES = 50;

    InventoryChanges withDevices(long count) {
        return new InventoryChanges(licenses, outOfCompliance, count, added, changed, gone, newlyOut);
    }

    public boolean any() {
        return added + changed + gone > 0;
    }
}
