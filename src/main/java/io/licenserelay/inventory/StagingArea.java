package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.LicensePage.AddedUp;
import io.licenserelay.inventory.StagedPlace.Differing;
import io.licenserelay.inventory.model.Device;
import io.licenserelay.inventory.model.License;
import io.licenserelay.inventory.model.Subscription;
import io.licenserelay.store.Database;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Stores the pages of an answer until the answer is complete. Only licenses that differ from the stored inventory are
 * staged, because on most days few differ. Thread-safe; a place is staged by one run at a time.
 */
public final class StagingArea {
    private static final List<String> TABLES = List.of("license_stage", "subscription_stage", "device_stage");

    private final Database database;
    private final Map<Long, StagedPlace> places = new ConcurrentHashMap<>();

    public StagingArea(Database database) {
        this.database = database;
    }

    /** Starts the staging of a place, and deletes staged rows of an earlier run. */
    public void begin(Place place, long runId) {
        places.put(place.id(), database.prepare(place.site(), tx -> {
            clear(tx, place);
            return StagedPlace.begin(tx, place, runId);
        }));
    }

    /** Returns the staged place and ends its staging. */
    StagedPlace take(Place place) {
        StagedPlace staged = places.remove(place.id());
        if (staged == null) {
            throw new IllegalStateException("nothing is staged for " + place.path());
        }
        return staged;
    }

    static void clear(Handle tx, Place place) {
        TABLES.forEach(table -> tx.execute("DELETE FROM " + table + " WHERE place_id = ?", place.id()));
    }

    /** Stages licenses. Rows with the same name and billing type are added up. */
    public void licenses(Place place, List<License> rows) {
        StagedPlace staged = places.get(place.id());
        if (staged == null) {
            throw new IllegalStateException("the pull of " + place.path() + " has not begun");
        }
        LicensePage page = new LicensePage(rows);
        if (staged.isFirst()) {
            batch(place, LicenseSql.FIRST, page.licenses(), (row, each) -> {
                license(row, staged.placeId(), each);
                row.setLong(11, staged.runId());
                row.setLong(12, staged.runId());
            });
            return;
        }
        List<Differing> differing = database.read(tx -> staged.differing(tx, page));
        batch(
                place,
                LicenseSql.STAGE_STORED,
                differing.stream().filter(Differing::skipped).toList(),
                (row, each) -> number(row, 1, each.licenseId()));
        batch(place, LicenseSql.STAGE, differing, (row, each) -> {
            license(row, staged.placeId(), each.addedUp());
            number(row, 11, each.licenseId());
        });
    }

    /** Stages subscriptions. A duplicate counts once. */
    public void subscriptions(Place place, List<Subscription> page) {
        String sql = "INSERT INTO subscription_stage"
                + " (place_id, subscription_id, license, quantity, billing, status, starts_at, ends_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
        long id = place.id();
        batch(place, sql, page, (row, subscription) -> {
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

    /** Stages devices. A duplicate counts once. */
    public void devices(Place place, List<Device> page) {
        String sql = "INSERT INTO device_stage"
                + " (place_id, pid, serial, host_name, product_tag, status, last_contact_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
        long id = place.id();
        batch(place, sql, page, (row, device) -> {
            row.setLong(1, id);
            row.setString(2, device.pid());
            row.setString(3, device.serial());
            row.setString(4, device.hostName());
            row.setString(5, device.productTag());
            row.setString(6, device.status());
            instant(row, 7, device.lastContactAt());
        });
    }

    private static void license(PreparedStatement row, long placeId, AddedUp addedUp) throws SQLException {
        License license = addedUp.license();
        row.setLong(1, placeId);
        row.setString(2, license.name());
        row.setString(3, license.billing());
        row.setLong(4, license.quantity());
        row.setLong(5, license.inUse());
        row.setLong(6, license.available());
        row.setLong(7, license.reserved());
        row.setString(8, license.status());
        instant(row, 9, license.endsAt());
        row.setLong(10, addedUp.rows());
    }

    private <T> void batch(Place place, String sql, Collection<T> page, Binder<T> binder) {
        if (page.isEmpty()) {
            return;
        }
        database.prepare(place.site(), tx -> {
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
        number(row, index, instant == null ? null : instant.toEpochMilli());
    }

    /** A null has the type of the column, because PostgreSQL parses a statement again when a type changes. */
    private static void number(PreparedStatement row, int index, @Nullable Long number) throws SQLException {
        if (number == null) {
            row.setNull(index, Types.BIGINT);
        } else {
            row.setLong(index, number);
        }
    }

    private interface Binder<T> {
        void bind(PreparedStatement row, T item) throws SQLException;
    }
}
