package io.licenserelay.inventory;

import io.licenserelay.inventory.model.Compliance;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;

/**
 * The difference between the staged answer and the stored inventory of one place. Each step applies a part of it and
 * writes the previous values to the history.
 */
record InventoryDifference(Handle tx, StagedPlace staged) {
    private static final String DIFFERS = "(l.quantity <> s.quantity OR l.in_use <> s.in_use"
            + " OR l.available <> s.available OR l.reserved <> s.reserved OR l.status <> s.status"
            + " OR COALESCE(l.ends_at, -1) <> COALESCE(s.ends_at, -1) OR l.merged_rows <> s.merged_rows)";
    private static final String CHANGED_HISTORY = "INSERT INTO license_history (place_id, name, billing, run_id,"
            + " change, quantity, in_use, available, reserved, status, ends_at) SELECT l.place_id, l.name, l.billing,"
            + " :run, 'changed', l.quantity, l.in_use, l.available, l.reserved, l.status, l.ends_at FROM license l"
            + " JOIN license_stage s ON s.license_id = l.id WHERE s.place_id = :place AND " + DIFFERS;

    /** The number of rows that the driver reads at once. A driver may read all rows otherwise. */
    private static final int FETCH = 10_000;

    /** The first names that went out of compliance, in order. */
    List<String> newlyOut() {
        return tx.createQuery("SELECT s.name FROM license_stage s LEFT JOIN license l ON l.id = s.license_id"
                        + " WHERE s.place_id = :place AND s.status = :out"
                        + " AND (l.status IS NULL OR l.status <> :out) ORDER BY s.name LIMIT :max")
                .bind("place", staged.placeId())
                .bind("out", Compliance.OUT)
                .bind("max", InventoryChanges.NAMES)
                .mapTo(String.class)
                .list();
    }

    /** @return the number of changed licenses */
    long change() {
        update(CHANGED_HISTORY);
        return update("UPDATE license AS l SET quantity = s.quantity, in_use = s.in_use, available = s.available,"
                + " reserved = s.reserved, status = s.status, ends_at = s.ends_at, merged_rows = s.merged_rows,"
                + " changed_run = :run FROM license_stage s"
                + " WHERE s.place_id = :place AND l.id = s.license_id AND " + DIFFERS);
    }

    /**
     * Marks licenses as gone. Their rows stay until Kafka has their tombstones.
     *
     * @return the number of licenses that are missing in the answer
     */
    long remove() throws SQLException {
        if (staged.matched().size() == staged.stored().licenses()) {
            return 0;
        }
        long[] gone = missing();
        for (int from = 0; from < gone.length; from += LicenseSql.LONGEST_LIST) {
            long[] ids = Arrays.copyOfRange(gone, from, Math.min(gone.length, from + LicenseSql.LONGEST_LIST));
            int length = LicenseSql.listLength(ids.length);
            execute(LicenseSql.goneHistory(length), 1, length, ids);
            execute(LicenseSql.markGone(length), 2, length, ids);
        }
        return gone.length;
    }

    /** @param runs how often the run occurs in the statement before the ids */
    private void execute(String sql, int runs, int length, long[] ids) throws SQLException {
        try (PreparedStatement statement = tx.getConnection().prepareStatement(sql)) {
            for (int i = 1; i <= runs; i++) {
                statement.setLong(i, staged.runId());
            }
            for (int i = 0; i < length; i++) {
                statement.setLong(runs + 1 + i, ids[Math.min(i, ids.length - 1)]);
            }
            statement.executeUpdate();
        }
    }

    /** @return the number of new licenses */
    long add() {
        return update("INSERT INTO license (place_id, name, billing, quantity, in_use, available, reserved, status,"
                + " ends_at, merged_rows, first_run, changed_run)"
                + " SELECT s.place_id, s.name, s.billing, s.quantity, s.in_use, s.available, s.reserved, s.status,"
                + " s.ends_at, s.merged_rows, :run, :run FROM license_stage s"
                + " WHERE s.place_id = :place AND s.license_id IS NULL"
                + " ON CONFLICT (place_id, name, billing) DO UPDATE SET quantity = excluded.quantity,"
                + " in_use = excluded.in_use, available = excluded.available, reserved = excluded.reserved,"
                + " status = excluded.status, ends_at = excluded.ends_at, merged_rows = excluded.merged_rows,"
                + " changed_run = excluded.changed_run, gone_run = NULL");
    }

    private long[] missing() throws SQLException {
        LongStream.Builder missing = LongStream.builder();
        try (PreparedStatement ids =
                tx.getConnection().prepareStatement("SELECT id FROM license WHERE place_id = ? AND gone_run IS NULL")) {
            ids.setLong(1, staged.placeId());
            ids.setFetchSize(FETCH);
            try (ResultSet rows = ids.executeQuery()) {
                while (rows.next()) {
                    long id = rows.getLong(1);
                    if (!staged.matched().contains(id)) {
                        missing.add(id);
                    }
                }
            }
        }
        return missing.build().toArray();
    }

    private int update(String sql) {
        return tx.createUpdate(sql)
                .bind("run", staged.runId())
                .bind("place", staged.placeId())
                .execute();
    }
}
