package io.licenserelay.inventory;

import io.licenserelay.inventory.model.Compliance;

/** The statements by which licenses are staged. */
final class LicenseSql {
    private static final String FIELDS =
            "place_id, name, billing, quantity, in_use, available, reserved, status, ends_at, merged";
    private static final String VALUES = "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1";

    /** The first pull of a place: nobody believes the rows before it is applied, so they need not wait elsewhere. */
    static final String FIRST =
            "INSERT INTO license (" + FIELDS + ", first_run, changed_run) " + VALUES + ", ?, ?)" + addedUp("license");

    /** Any other pull; the last field is the row that is believed so far. */
    static final String STAGE =
            "INSERT INTO license_stage (" + FIELDS + ", license_id) " + VALUES + ", ?)" + addedUp("license_stage");

    /** A license that was passed over as being as believed, and now is told a second time. */
    static final String BELIEVED = "INSERT INTO license_stage (" + FIELDS + ", license_id) SELECT " + FIELDS
            + ", id FROM license WHERE id = ? ON CONFLICT DO NOTHING";

    /** The row that is believed of a license, and whether it says the same; one that was added up never does. */
    static final String BELIEF = "SELECT id, quantity = ? AND in_use = ? AND available = ? AND reserved = ?"
            + " AND status = ? AND COALESCE(ends_at, -1) = ? AND merged = 1"
            + " FROM license WHERE place_id = ? AND name = ? AND billing = ? AND gone_run IS NULL";

    private LicenseSql() {}

    private static String addedUp(String table) {
        return (" ON CONFLICT (place_id, name, billing) DO UPDATE SET"
                        + " quantity = %s.quantity + excluded.quantity, in_use = %s.in_use + excluded.in_use,"
                        + " available = %s.available + excluded.available, reserved = %s.reserved + excluded.reserved,"
                        + " status = CASE WHEN excluded.status = '" + Compliance.OUT
                        + "' THEN excluded.status ELSE %s.status END,"
                        + " ends_at = CASE WHEN %s.ends_at IS NULL OR excluded.ends_at < %s.ends_at"
                        + " THEN excluded.ends_at ELSE %s.ends_at END, merged = %s.merged + 1")
                .replace("%s", table);
    }
}
