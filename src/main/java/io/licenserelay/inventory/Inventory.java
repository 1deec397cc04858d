package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.StagedPlace.StoredCounts;
import io.licenserelay.inventory.model.Compliance;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Compares the staged answer for a virtual account with the stored inventory, and applies the difference to the
 * inventory. All work is done in SQL and in the caller's transaction. Thread-safe.
 */
public final class Inventory {
    private static final String OF_SUBSCRIPTION =
            "place_id, subscription_id, license, quantity, billing, status, starts_at, ends_at";
    private static final String OF_DEVICE = "place_id, pid, serial, host_name, product_tag, status, last_contact_at";

    private static final String SUBSCRIPTIONS = "INSERT INTO subscription (" + OF_SUBSCRIPTION + ") SELECT "
            + OF_SUBSCRIPTION + " FROM subscription_stage WHERE place_id = ?";
    private static final String DEVICES =
            "INSERT INTO device (" + OF_DEVICE + ") SELECT " + OF_DEVICE + " FROM device_stage WHERE place_id = ?";

    private final StagingArea stagingArea;

    public Inventory(StagingArea stagingArea) {
        this.stagingArea = stagingArea;
    }

    /**
     * Applies the staged answer of the place.
     *
     * @param accept apply the answer even if many licenses are missing
     * @throws VanishedLicenses when too many licenses are missing; then only the count of equal answers is updated
     */
    public Applied apply(Handle tx, long runId, Place place, Site.Guard guard, boolean accept) throws SQLException {
        StagedPlace staged = stagingArea.take(place);
        VanishedLicenses vanished = accept ? null : vanished(tx, place, staged, guard);
        if (vanished != null) {
            StagingArea.clear(tx, place);
            return new Applied(null, vanished);
        }
        InventoryChanges changes = staged.isFirst() ? first(tx, staged) : changes(tx, staged);
        delete(tx, place, "subscription");
        tx.execute(SUBSCRIPTIONS, place.id());
        delete(tx, place, "device");
        long devices = tx.execute(DEVICES, place.id());
        tx.execute(
                "UPDATE place SET applied_run = ?, guard_digest = NULL, guard_count = 0 WHERE id = ?",
                runId,
                place.id());
        StagingArea.clear(tx, place);
        return new Applied(changes.withDevices(devices), null);
    }

    /** Either the changes, or the reason why the answer was not applied. */
    public record Applied(
            @Nullable InventoryChanges changes, @Nullable VanishedLicenses vanished) {}

    private static @Nullable VanishedLicenses vanished(Handle tx, Place place, StagedPlace staged, Site.Guard guard) {
        long before = staged.stored().licenses();
        if (before == 0) {
            return null;
        }
        long now = staged.matched().size() + added(tx, place);
        if (now > 0 && now >= before * (1 - guard.shrink())) {
            return null;
        }
        String digest = now + "/" + staged.quantity();
        int equal = equalAnswers(tx, place, digest) + 1;
        if (equal >= guard.equalPulls()) {
            return null;
        }
        tx.execute("UPDATE place SET guard_digest = ?, guard_count = ? WHERE id = ?", digest, equal, place.id());
        return new VanishedLicenses(place, before, now, equal, guard.equalPulls());
    }

    private static long added(Handle tx, Place place) {
        return tx.createQuery("SELECT COUNT(*) FROM license_stage WHERE place_id = :place AND license_id IS NULL")
                .bind("place", place.id())
                .mapTo(Long.class)
                .one();
    }

    private static int equalAnswers(Handle tx, Place place, String digest) {
        return tx.createQuery("SELECT guard_count FROM place WHERE id = :id AND guard_digest = :digest")
                .bind("digest", digest)
                .bind("id", place.id())
                .mapTo(Integer.class)
                .findOne()
                .orElse(0);
    }

    private static InventoryChanges first(Handle tx, StagedPlace staged) {
        List<String> out = tx.createQuery(
                        "SELECT name FROM license WHERE place_id = :place AND status = :out ORDER BY name LIMIT :max")
                .bind("place", staged.placeId())
                .bind("out", Compliance.OUT)
                .bind("max", InventoryChanges.NAMES)
                .mapTo(String.class)
                .list();
        StoredCounts now = StoredCounts.of(tx, staged.placeId());
        now.save(tx, staged.placeId());
        return new InventoryChanges(now.licenses(), now.out(), 0, now.licenses(), 0, 0, out);
    }

    private static InventoryChanges changes(Handle tx, StagedPlace staged) throws SQLException {
        InventoryDifference difference = new InventoryDifference(tx, staged);
        List<String> newlyOut = difference.newlyOut();
        long changed = difference.change();
        long gone = difference.remove();
        long added = difference.add();
        StoredCounts now = changed + gone + added == 0 ? staged.stored() : StoredCounts.of(tx, staged.placeId());
        now.save(tx, staged.placeId());
        return new InventoryChanges(now.licenses(), now.out(), 0, added, changed, gone, newlyOut);
    }

    private static void delete(Handle tx, Place place, String table) {
        tx.execute("DELETE FROM " + table + " WHERE place_id = ?", place.id());
    }
}
