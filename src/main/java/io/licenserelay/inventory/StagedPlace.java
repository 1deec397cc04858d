package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
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

    /** The licenses of the page that differ from the stored inventory. */
    List<Differing> differing(Handle tx, List<License> page) throws SQLException {
        List<Differing> differing = new ArrayList<>();
        try (PreparedStatement statement = tx.getConnection().prepareStatement(LicenseSql.FIND_STORED)) {
            for (License license : page) {
                quantity += license.quantity();
                bind(statement, license);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        differing.add(new Differing(license, null, false));
                        continue;
                    }
                    long id = row.getLong(1);
                    if (matched.add(id) && row.getBoolean(2)) {
                        skipped.add(id);
                    } else {
                        differing.add(new Differing(license, id, skipped.contains(id)));
                    }
                }
            }
        }
        return differing;
    }

    private void bind(PreparedStatement statement, License license) throws SQLException {
        Instant endsAt = license.endsAt();
        statement.setLong(1, license.quantity());
        statement.setLong(2, license.inUse());
        statement.setLong(3, license.available());
        statement.setLong(4, license.reserved());
        statement.setString(5, license.status());
        statement.setLong(6, endsAt == null ? NEVER : endsAt.toEpochMilli());
        statement.setLong(7, placeId);
        statement.setString(8, license.name());
        statement.setString(9, license.billing());
    }

    /**
     * A license that differs from the stored inventory.
     *
     * @param licenseId the id of the stored row; null if none
     * @param skipped whether the answer contained the license before with unchanged values: then it is not staged yet
     */
    record Differing(License license, @Nullable Long licenseId, boolean skipped) {}

    /** The number of stored licenses of a place, and how many of them are out of compliance. */
    record StoredCounts(long licenses, long out) {

        static StoredCounts of(Handle tx, long placeId) {
            return tx.createQuery("SELECT COUNT(*) AS n, COUNT(CASE WHEN status = :out THEN 1 END) AS o"
                            + " FROM license WHERE place_id = :place AND gone_run IS NULL")
                    .bind("out", Compliance.OUT)
                    .bind("place", placeId)
                    .map((row, context) -> new StoredCounts(row.getLong("n"), row.getLong("o")))
                    .one();
        }
    }
}
