package io.licenserelay.inventory;

import io.licenserelay.site.Place;
import io.licenserelay.store.Database;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Where pages of an answer wait until the answer is whole. Thread-safe; a place is staged by one run at a time. */
public final class Stage {
    private static final List<String> TABLES = List.of("license_stage", "subscription_stage", "device_stage");

    private final Database database;

    public Stage(Database database) {
        this.database = database;
    }

    /** Forgets what an earlier run may have left of the place. */
    public void clear(Place place) {
        database.write(tx -> clear(tx, place));
    }

    static int clear(Handle tx, Place place) {
        return TABLES.stream()
                .mapToInt(table -> tx.execute("DELETE FROM " + table + " WHERE place_id = ?", place.id()))
                .sum();
    }

    /** Adds licenses; two rows of one name and billing type are added up. */
    public void licenses(Place place, List<License> page) {
        String sql = "INSERT INTO license_stage"
                + " (place_id, name, billing, quantity, in_use, available, reserved, status, ends_at, merged)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"
                + " ON CONFLICT (place_id, name, billing) DO UPDATE SET"
                + " quantity = license_stage.quantity + excluded.quantity,"
                + " in_use = license_stage.in_use + excluded.in_use,"
                + " available = license_stage.available + excluded.available,"
                + " reserved = license_stage.reserved + excluded.reserved,"
                + " status = CASE WHEN excluded.status = '" + Compliance.OUT + "' THEN excluded.status"
                + " ELSE license_stage.status END,"
                + " ends_at = CASE WHEN license_stage.ends_at IS NULL OR excluded.ends_at < license_stage.ends_at"
                + " THEN excluded.ends_at ELSE license_stage.ends_at END,"
                + " merged = license_stage.merged + 1";
        long id = place.id();
        batch(sql, page, (row, license) -> {
            row.setLong(1, id);
            row.setString(2, license.name());
            row.setString(3, license.billing());
            row.setLong(4, license.quantity());
            row.setLong(5, license.inUse());
            row.setLong(6, license.available());
            row.setLong(7, license.reserved());
            row.setString(8, license.status());
            instant(row, 9, license.endsAt());
        });
    }

    /** Adds subscriptions; one that is told twice counts once. */
    public void subscriptions(Place place, List<Subscription> page) {
        String sql = "INSERT INTO subscription_stage"
                + " (place_id, subscription_id, license, quantity, billing, status, starts_at, ends_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
        long id = place.id();
        batch(sql, page, (row, subscription) -> {
            row.setLong(1, id);
            row.setString(2, subscription.id());
            row.setString(3, subscription.license());
            row.setLong(4, subscription.quantity());
            row.setString(5, subscription.billing());
            row.setString(6, subscription.status());
            instant(row, 7, subscription.startsAt());
            instant(row, 8, subscription.endsAt());
        });
    }

    /** Adds devices; one that is told twice counts once. */
    public void devices(Place place, List<Device> page) {
        String sql = "INSERT INTO device_stage"
                + " (place_id, pid, serial, host_name, product_tag, status, last_contact_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
        long id = place.id();
        batch(sql, page, (row, device) -> {
            row.setLong(1, id);
            row.setString(2, device.pid());
            row.setString(3, device.serial());
            row.setString(4, device.hostName());
            row.setString(5, device.productTag());
            row.setString(6, device.status());
            instant(row, 7, device.lastContactAt());
        });
    }

    private <T> void batch(String sql, List<T> page, Binder<T> binder) {
        if (page.isEmpty()) {
            return;
        }
        database.write(tx -> {
            try (PreparedStatement row = tx.getConnection().prepareStatement(sql)) {
                for (T item : page) {
                    binder.bind(row, item);
                    row.addBatch();
                }
                return row.executeBatch();
            }
        });
    }

    private static void instant(PreparedStatement row, int index, @Nullable Instant instant) throws SQLException {
        if (instant == null) {
            row.setObject(index, null);
        } else {
            row.setLong(index, instant.toEpochMilli());
        }
    }

    private interface Binder<T> {
        void bind(PreparedStatement row, T item) throws SQLException;
    }
}
