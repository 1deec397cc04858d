package io.licenserelay.inventory;

import io.licenserelay.inventory.model.Compliance;

/** The statements by which licenses are staged. */
final class LicenseSql {
    private static final String FIELDS =
            "place_id, name, billing, quantity, in_use, available, reserved, status, ends_at, merged_rows";
    private static final String VALUES = "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1";

    /** Two rows of one name and billing type are one license. */
    private static final String ADDED_UP = " ON CONFLICT (place_id, name, billing) DO UPDATE SET"
            + " quantity = known.quantity + excluded.quantity, in_use = known.in_use + excluded.in_use,"
            + " available = known.available + excluded.available, reserved = known.reserved + excluded.reserved,"
            + " status = CASE WHEN excluded.status = '" + Compliance.OUT
            + "' THEN excluded.status ELSE known.status END,"
            + " ends_at = CASE WHEN known.ends_at IS NULL OR excluded.ends_at < known.ends_at"
            + " THEN excluded.ends_at ELSE known.ends_at END, merged_rows = known.merged_rows + 1";

    /** The first pull of a place: nobody believes the rows before it is applied, so they need not wait elsewhere. */
    static final String FIRST =
            "INSERT INTO license AS known (" + FIELDS + ", first_run, changed_run) " + VALUES + ", ?, ?)" + ADDED_UP;

    /** Any other pull; the last field is the row that is believed so far. */
    static final String STAGE =
            "INSERT INTO license_stage AS known (" + FIELDS + ", license_id) " + VALUES + ", ?)" + ADDED_UP;

    /** A license that was passed over as being as believed, and now is told a second time. */
    static final String BELIEVED = "INSERT INTO license_stage (" + FIELDS + ", license_id) SELECT " + FIELDS
            + ", id FROM license WHERE id = ? ON CONFLICT DO NOTHING";

    /** The row that is believed of a license, and whether it says the same; one that was added up never does. */
    static final String BELIEF = "SELECT id, quantity = ? AND in_use = ? AND available = ? AND reserved = ?"
            + " AND status = ? AND COALESCE(ends_at, -1) = ? AND merged_rows = 1"
            + " FROM license WHERE place_id = ? AND name = ? AND billing = ? AND gone_run IS NULL";

    private LicenseSql() {}
}
