package io.licenserelay.inventory;

import io.licenserelay.inventory.model.Compliance;

/** The SQL statements that stage licenses. */
final class LicenseSql {
    private static final String FIELDS =
            "place_id, name, billing, quantity, in_use, available, reserved, status, ends_at, merged_rows";
    private static final String VALUES = "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1";

    /** Rows with the same name and billing type are added up to one license. */
    private static final String ADD_UP = " ON CONFLICT (place_id, name, billing) DO UPDATE SET"
            + " quantity = known.quantity + excluded.quantity, in_use = known.in_use + excluded.in_use,"
            + " available = known.available + excluded.available, reserved = known.reserved + excluded.reserved,"
            + " status = CASE WHEN excluded.status = '" + Compliance.OUT
            + "' THEN excluded.status ELSE known.status END,"
            + " ends_at = CASE WHEN known.ends_at IS NULL OR excluded.ends_at < known.ends_at"
            + " THEN excluded.ends_at ELSE known.ends_at END, merged_rows = known.merged_rows + 1";

    /**
     * Stages the first pull of a place directly in the inventory, because the place has no inventory before it is
     * applied.
     */
    static final String FIRST =
            "INSERT INTO license AS known (" + FIELDS + ", first_run, changed_run) " + VALUES + ", ?, ?)" + ADD_UP;

    /** Stages a later pull; the last field is the id of the stored row. */
    static final String STAGE =
            "INSERT INTO license_stage AS known (" + FIELDS + ", license_id) " + VALUES + ", ?)" + ADD_UP;

    /** Stages the stored values of a license that was skipped as unchanged and occurs a second time in the answer. */
    static final String STAGE_STORED = "INSERT INTO license_stage (" + FIELDS + ", license_id) SELECT " + FIELDS
            + ", id FROM license WHERE id = ? ON CONFLICT DO NOTHING";

    /** Finds the stored row of a license, and whether it is unchanged; an added-up row always counts as changed. */
    static final String FIND_STORED = "SELECT id, quantity = ? AND in_use = ? AND available = ? AND reserved = ?"
            + " AND status = ? AND COALESCE(ends_at, -1) = ? AND merged_rows = 1"
            + " FROM license WHERE place_id = ? AND name = ? AND billing = ? AND gone_run IS NULL";

    private LicenseSql() {}
}
