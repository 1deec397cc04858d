package io.licenserelay.inventory;

import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is staged of a virtual account with what is believed of it, and makes it the new belief, all in SQL and in
 * the caller's transaction. Stateless.
 */
public final class Inventory {
    private static final String SAME = "l.place_id = s.place_id AND l.name = s.name AND l.billing = s.billing";
    private static final String DIFFERS = "(l.quantity <> s.quantity OR l.in_use <> s.in_use"
            + " OR l.available <> s.available OR l.reserved <> s.reserved OR l.status <> s.status"
            + " OR COALESCE(l.ends_at, -1) <> COALESCE(s.ends_at, -1) OR l.merged <> s.merged)";
    private static final String HISTORY = "INSERT INTO license_history (place_id, name, billing, run_id, change,"
            + " quantity, in_use, available, reserved, status, ends_at)"
            + " SELECT l.place_id, l.name, l.billing, :run, :change,"
            + " l.quantity, l.in_use, l.available, l.reserved, l.status, l.ends_at FROM license l";

    /**
     * Applies the stage of the place.
     *
     * @param accept believe the answer whatever it lacks
     * @throws Vanished when too much is missing; then nothing but the count of equal answers is changed
     */
    public Applied apply(Handle tx, long runId, Place place, Site.Guard guard, boolean accept) {
        Guarded guarded = accept ? Guarded.BELIEVED : guarded(tx, place, guard);
        if (guarded.vanished() != null) {
            return new Applied(null, guarded.vanished());
        }
        Difference difference = new Difference(tx, runId, place.id());
        List<String> newlyOut = difference.newlyOut();
        difference.record();
        long changed = difference.change();
        long gone = difference.remove();
        long added = difference.add();
        replace(tx, place, "subscription");
        long devices = replace(tx, place, "device");
        tx.execute(
                "UPDATE place SET applied_run = ?, guard_digest = NULL, guard_count = 0 WHERE id = ?",
                runId,
                place.id());
        Stage.clear(tx, place);
        return new Applied(
                new Changes(
                        count(tx, place, "gone_run IS NULL"),
                        count(tx, place, "gone_run IS NULL AND status = '" + Compliance.OUT + "'"),
                        devices,
                        added,
                        changed,
                        gone,
                        newlyOut),
                null);
    }

    /** Either what changed, or why nothing did. */
    public record Applied(
            @Nullable Changes changes, @Nullable Vanished vanished) {}

    private Guarded guarded(Handle tx, Place place, Site.Guard guard) {
        long before = count(tx, place, "gone_run IS NULL");
        Staged staged = tx.createQuery("SELECT COUNT(*) AS n, COALESCE(SUM(quantity), 0) AS q"
                        + " FROM license_stage WHERE place_id = :place")
                .bind("place", place.id())
                .map((row, context) -> new Staged(row.getLong("n"), row.getLong("q")))
                .one();
        boolean shrunk = staged.count == 0 || staged.count < before * (1 - guard.shrink());
        if (before == 0 || !shrunk) {
            return Guarded.BELIEVED;
        }
        String digest = staged.count + "/" + staged.quantity;
        int equal = tx.createQuery("SELECT CASE WHEN guard_digest = :digest THEN guard_count ELSE 0 END"
                                + " FROM place WHERE id = :id")
                        .bind("digest", digest)
                        .bind("id", place.id())
                        .mapTo(Integer.class)
                        .findOne()
                        .orElse(0)
                + 1;
        if (equal >= guard.equalPulls()) {
            return Guarded.BELIEVED;
        }
        tx.execute("UPDATE place SET guard_digest = ?, guard_count = ? WHERE id = ?", digest, equal, place.id());
        Stage.clear(tx, place);
        return new Guarded(new Vanished(place, before, staged.count, equal, guard.equalPulls()));
    }

    private static long replace(Handle tx, Place place, String table) {
        tx.execute("DELETE FROM " + table + " WHERE place_id = ?", place.id());
        return tx.execute("INSERT INTO " + table + " SELECT * FROM " + table + "_stage WHERE place_id = ?", place.id());
    }

    private static long count(Handle tx, Place place, String where) {
        return tx.createQuery("SELECT COUNT(*) FROM license WHERE place_id = :place AND " + where)
                .bind("place", place.id())
                .mapTo(Long.class)
                .one();
    }

    private record Guarded(@Nullable Vanished vanished) {
        static final Guarded BELIEVED = new Guarded(null);
    }

    private record Staged(long count, long quantity) {}

    /** The difference between stage and belief of one place, in one run. */
    private record Difference(Handle tx, long runId, long placeId) {

        List<String> newlyOut() {
            return names("SELECT s.name FROM license_stage s LEFT JOIN license l ON " + SAME
                    + " AND l.gone_run IS NULL WHERE s.place_id = :place AND s.status = :out"
                    + " AND (l.status IS NULL OR l.status <> :out) ORDER BY s.name LIMIT :max");
        }

        void record() {
            update(
                    HISTORY + " JOIN license_stage s ON " + SAME
                            + " WHERE l.place_id = :place AND l.gone_run IS NULL AND " + DIFFERS,
                    "changed");
            update(
                    HISTORY + " WHERE l.place_id = :place AND l.gone_run IS NULL AND NOT EXISTS"
                            + " (SELECT 1 FROM license_stage s WHERE " + SAME + ")",
                    "gone");
        }

        long change() {
            return update(
                    "UPDATE license AS l SET quantity = s.quantity, in_use = s.in_use, available = s.available,"
                            + " reserved = s.reserved, status = s.status, ends_at = s.ends_at, merged = s.merged,"
                            + " changed_run = :run FROM license_stage s"
                            + " WHERE l.place_id = :place AND " + SAME + " AND l.gone_run IS NULL AND " + DIFFERS,
                    "");
        }

        /** A gone license stays until its tombstone is on Kafka. */
        long remove() {
            return update(
                    "UPDATE license AS l SET gone_run = :run, changed_run = :run"
                            + " WHERE l.place_id = :place AND l.gone_run IS NULL AND NOT EXISTS"
                            + " (SELECT 1 FROM license_stage s WHERE " + SAME + ")",
                    "");
        }

        long add() {
            return update(
                    "INSERT INTO license (place_id, name, billing, quantity, in_use, available, reserved, status,"
                            + " ends_at, merged, first_run, changed_run)"
                            + " SELECT s.place_id, s.name, s.billing, s.quantity, s.in_use, s.available, s.reserved, s.status,"
                            + " s.ends_at, s.merged, :run, :run FROM license_stage s"
                            + " WHERE s.place_id = :place AND NOT EXISTS"
                            + " (SELECT 1 FROM license l WHERE " + SAME + " AND l.gone_run IS NULL)"
                            + " ON CONFLICT (place_id, name, billing) DO UPDATE SET quantity = excluded.quantity,"
                            + " in_use = excluded.in_use, available = excluded.available, reserved = excluded.reserved,"
                            + " status = excluded.status, ends_at = excluded.ends_at, merged = excluded.merged,"
                            + " changed_run = excluded.changed_run, gone_run = NULL",
                    "");
        }

        private List<String> names(String sql) {
            return tx.createQuery(sql)
                    .bind("place", placeId)
                    .bind("out", Compliance.OUT)
                    .bind("max", Changes.NAMES)
                    .mapTo(String.class)
                    .list();
        }

        private int update(String sql, String change) {
            return tx.createUpdate(sql)
                    .bind("run", runId)
                    .bind("place", placeId)
                    .bind("change", change)
                    .execute();
        }
    }
}
