package io.licenserelay.inventory;

import java.util.List;

/**
 * The changes of a virtual account in one pull.
 *
 * @param licenses the current number of licenses
 * @param outOfCompliance how many of them are out of compliance
 * @param newlyOut the names of licenses that are newly out of compliance, the first {@link #NAMES} in order
 */
public record InventoryChanges(
        long licenses, long outOfCompliance, long devices, long added, long changed, long gone, List<String> newlyOut) {

    /** The maximum number of names. */
    public static final int NAMES = 50;

    /** For fewer licenses each plan of a statement is fast. */
    private static final long MANY = 10_000;

    InventoryChanges withDevices(long count) {
        return new InventoryChanges(licenses, outOfCompliance, count, added, changed, gone, newlyOut);
    }

    /**
     * Whether a database server needs new statistics of the license tables before the next pull. PostgreSQL makes them by
     * itself, but up to a minute later.
     */
    public boolean outdatesStatistics() {
        return added + gone >= Math.max(MANY, licenses / 10);
    }

    public boolean any() {
        return added + changed + gone > 0;
    }
}
