package io.licenserelay.inventory;

import io.licenserelay.inventory.model.Compliance;

/** The SQL statements that stage licenses. */
final class LicenseSql {
    private static final String FIELDS =
            "place_id, name, billing, quantity, in_use, available, reserved, status, ends_at, merged_rows";
    private static final String VALUES = "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

    private static final long MOST = Long.MAX_VALUE;
    private static final long LEAST = -Long.MAX_VALUE;

    /**
     * Rows with the same name and billing type are added up to one license. A sum is limited to 64 bits, as within a page:
     * beyond that SQLite would store a floating-point number, and PostgreSQL would refuse the statement.
     */
    private static final String ADD_UP = " ON CONFLICT (place_id, name, billing) DO UPDATE SET"
            + " quantity = CASE WHEN known.quantity > 0 AND excluded.quantity > " + MOST + " - known.quantity THEN "
            + MOST
            + " WHEN known.quantity < 0 AND excluded.quantity < " + LEAST + " - known.quantity THEN " + LEAST
            + " ELSE known.quantity + excluded.quantity END,"
            + " in_use = CASE WHEN known.in_use > 0 AND excluded.in_use > " + MOST + " - known.in_use THEN " + MOST
            + " WHEN known.in_use < 0 AND excluded.in_use < " + LEAST + " - known.in_use THEN " + LEAST
            + " ELSE known.in_use + excluded.in_use END,"
            + " available = CASE WHEN known.available > 0 AND excluded.available > " + MOST + " - known.available THEN "
            + MOST
            + " WHEN known.available < 0 AND excluded.available < " + LEAST + " - known.available THEN " + LEAST
            + " ELSE known.available + excluded.available END,"
            + " reserved = CASE WHEN known.reserved > 0 AND excluded.reserved > " + MOST + " - known.reserved THEN "
            + MOST
            + " WHEN known.reserved < 0 AND excluded.reserved < " + LEAST + " - known.reserved THEN " + LEAST
            + " ELSE known.reserved + excluded.reserved END,"
            + " status = CASE WHEN excluded.status = '" + Compliance.OUT
            + "' THEN excluded.status ELSE known.status END,"
            + " ends_at = CASE WHEN known.ends_at IS NULL OR excluded.ends_at < known.ends_at"
            + " THEN excluded.ends_at ELSE known.ends_at END, merged_rows = known.merged_rows + excluded.merged_rows";

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

    /** The number of billing types that {@link #findStored} takes. Servers use fewer. */
    static final int BILLING_TYPES = 4;

    /** The longest list of a statement. */
    static final int LONGEST_LIST = 1_024;

    private LicenseSql() {}

    /**
     * Finds stored licenses by place, names and billing types. The statement is an index lookup for each name on SQLite
     * and on PostgreSQL, also without statistics; a join with the page reads all licenses of the place on PostgreSQL.
     */
    static String findStored(int names) {
        return "SELECT id, name, billing, quantity, in_use, available, reserved, status, COALESCE(ends_at, -1), merged_rows"
                + " FROM license WHERE place_id = ? AND name IN (" + marks(names)
                + ") AND billing IN (?, ?, ?, ?) AND gone_run IS NULL";
    }

    /** Writes licenses to the history before they are marked as gone: run, ids. */
    static String goneHistory(int ids) {
        return "INSERT INTO license_history (place_id, name, billing, run_id, change, quantity, in_use, available,"
                + " reserved, status, ends_at) SELECT place_id, name, billing, ?, 'gone', quantity, in_use, available,"
                + " reserved, status, ends_at FROM license WHERE id IN (" + marks(ids) + ")";
    }

    /** Marks licenses as gone: run, run, ids. */
    static String markGone(int ids) {
        return "UPDATE license SET gone_run = ?, changed_run = ? WHERE id IN (" + marks(ids) + ")";
    }

    /**
     * The length of a list that takes as many values: a power of two, so that few statements are prepared. The rest of
     * the list repeats a value.
     */
    static int listLength(int values) {
        return values <= 1 ? 1 : Integer.highestOneBit(values - 1) << 1;
    }

    private static String marks(int number) {
        return "?" + ", ?".repeat(number - 1);
    }
}
