package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.LicensePage.AddedUp;
import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.inventory.model.License;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The comparison of one place's answer with the stored inventory, for the pages received so far. Not thread-safe. */
final class StagedPlace {
    private static final long NEVER = -1;

    private final long placeId;
    private final long runId;
    private final boolean first;
    private final StoredCounts stored;
    private final RowNumberSet matched = new RowNumberSet();
    private final RowNumberSet skipped = new RowNumberSet();
    private long quantity;

    private StagedPlace(long placeId, long runId, boolean first, StoredCounts stored) {
        this.placeId = placeId;
        this.runId = runId;
        this.first = first;
        this.stored = stored;
    }

    static StagedPlace begin(Handle tx, Place place, long runId) {
        boolean first = tx.createQuery("SELECT applied_run FROM place WHERE id = :id AND applied_run IS NOT NULL")
                .bind("id", place.id())
                .mapTo(Long.class)
                .findOne()
                .isEmpty();
        if (first) {
            tx.execute("DELETE FROM license WHERE place_id = ?", place.id());
        }
        return new StagedPlace(place.id(), runId, first, StoredCounts.of(tx, place.id()));
    }

    long placeId() {
        return placeId;
    }

    long runId() {
        return runId;
    }

    /** Whether no answer of the place was applied before. */
    boolean isFirst() {
        return first;
    }

    /** The stored inventory when the pull began. */
    StoredCounts stored() {
        return stored;
    }

    /** The ids of stored licenses that the answer contains, changed or unchanged. */
    RowNumberSet matched() {
        return matched;
    }

    /** The sum of all received quantities. */
    long quantity() {
        return quantity;
    }

    /** The licenses of the page that differ from the stored inventory. The page keeps those that are not stored. */
    List<Differing> differing(Handle tx, LicensePage page) throws SQLException {
        List<Differing> differing = new ArrayList<>();
        for (AddedUp each : page.licenses()) {
            quantity = AddedUp.sum(quantity, each.license().quantity());
        }
        for (LicensePage.Group group : page.groups(LicenseSql.BILLING_TYPES)) {
            List<String> names = List.copyOf(group.names());
            for (int from = 0; from < names.size(); from += LicenseSql.LONGEST_LIST) {
                int until = Math.min(names.size(), from + LicenseSql.LONGEST_LIST);
                compare(tx, page, group.billings(), names.subList(from, until), differing);
            }
        }
        page.licenses().forEach(each -> differing.add(new Differing(each, null, false)));
        return differing;
    }

    private void compare(
            Handle tx, LicensePage page, List<String> billings, List<String> names, List<Differing> differing)
            throws SQLException {
        int length = LicenseSql.listLength(names.size());
        try (PreparedStatement statement = tx.getConnection().prepareStatement(LicenseSql.findStored(length))) {
            statement.setLong(1, placeId);
            for (int i = 0; i < length; i++) {
                statement.setString(2 + i, names.get(Math.min(i, names.size() - 1)));
            }
            for (int i = 0; i < LicenseSql.BILLING_TYPES; i++) {
                statement.setString(2 + length + i, billings.get(Math.min(i, billings.size() - 1)));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    AddedUp license = page.take(row.getString(2), row.getString(3));
                    if (license != null) {
                        compare(row, license, differing);
                    }
                }
            }
        }
    }

    private void compare(ResultSet row, AddedUp license, List<Differing> differing) throws SQLException {
        long id = row.getLong(1);
        if (matched.add(id) && isUnchanged(row, license)) {
            skipped.add(id);
        } else {
            differing.add(new Differing(license, id, skipped.contains(id)));
        }
    }

    private static boolean isUnchanged(ResultSet row, AddedUp addedUp) throws SQLException {
        License license = addedUp.license();
        Instant endsAt = license.endsAt();
        return row.getLong(4) == license.quantity()
                && row.getLong(5) == license.inUse()
                && row.getLong(6) == license.available()
                && row.getLong(7) == license.reserved()
                && license.status().equals(row.getString(8))
                && row.getLong(9) == (endsAt == null ? NEVER : endsAt.toEpochMilli())
                && row.getLong(10) == addedUp.rows();
    }

    /**
     * A license that differs from the stored inventory.
     *
     * @param licenseId the id of the stored row; null if none
     * @param skipped whether an earlier page contained the license with unchanged values: then it is not staged yet
     */
    record Differing(AddedUp addedUp, @Nullable Long licenseId, boolean skipped) {}

    /**
     * Totals over the stored licenses of a place.
     *
     * @param out how many are out of compliance
     * @param quantity the sum of their quantities, each counted as at most {@link #MOST}
     * @param inUse the sum of what is in use, each counted as at most {@link #MOST}
     */
    record StoredCounts(long licenses, long out, long quantity, long inUse) {
        /** A sum of nine million such numbers fits into 64 bits. SQLite refuses a statement whose sum does not fit. */
        private static final long MOST = 1_000_000_000_000L;

        private static final String COUNT = "SELECT COUNT(*) AS n, COUNT(CASE WHEN status = :out THEN 1 END) AS o,"
                + " COALESCE(SUM(CASE WHEN quantity > " + MOST + " THEN " + MOST + " WHEN quantity < -" + MOST
                + " THEN -"
                + MOST + " ELSE quantity END), 0) AS q, COALESCE(SUM(CASE WHEN in_use > " + MOST + " THEN " + MOST
                + " WHEN in_use < -" + MOST + " THEN -" + MOST + " ELSE in_use END), 0) AS u"
                + " FROM license WHERE place_id = :place AND gone_run IS NULL";

        static StoredCounts of(Handle tx, long placeId) {
            return tx.createQuery(COUNT)
                    .bind("out", Compliance.OUT)
                    .bind("place", placeId)
                    .map((row, context) ->
                            new StoredCounts(row.getLong("n"), row.getLong("o"), row.getLong("q"), row.getLong("u")))
                    .one();
        }

        /** Stores the totals of a place whose answer is applied. */
        void save(Handle tx, long placeId) {
            tx.execute(
                    "UPDATE place SET total_licenses = ?, total_out = ?, total_quantity = ?, total_in_use = ? WHERE id = ?",
                    licenses,
                    out,
                    quantity,
                    inUse,
                    placeId);
        }
    }
}
