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

/** How one place's answer compares with what is believed of it, as far as the answer has come. Not thread-safe. */
final class StagedPlace {
    private static final long NEVER = -1;

    private final long placeId;
    private final long runId;
    private final boolean first;
    private final Believed believed;
    private final RowNumberSet matched = new RowNumberSet();
    private final RowNumberSet passedOver = new RowNumberSet();
    private long quantity;

    private StagedPlace(long placeId, long runId, boolean first, Believed believed) {
        this.placeId = placeId;
        this.runId = runId;
        this.first = first;
        this.believed = believed;
    }

    static StagedPlace nothing(Handle tx, Place place, long runId) {
        boolean first = tx.createQuery("SELECT applied_run FROM place WHERE id = :id AND applied_run IS NOT NULL")
                .bind("id", place.id())
                .mapTo(Long.class)
                .findOne()
                .isEmpty();
        if (first) {
            tx.execute("DELETE FROM license WHERE place_id = ?", place.id());
        }
        return new StagedPlace(place.id(), runId, first, Believed.of(tx, place.id()));
    }

    long placeId() {
        return placeId;
    }

    long runId() {
        return runId;
    }

    /** Whether the place was never applied before. */
    boolean isFirst() {
        return first;
    }

    /** What was believed when the pull began. */
    Believed believed() {
        return believed;
    }

    /** The believed licenses that the answer has, changed or not. */
    RowNumberSet matched() {
        return matched;
    }

    /** The sum of the quantities that came. */
    long quantity() {
        return quantity;
    }

    /** What the page has that is not just as believed. */
    List<Differing> differing(Handle tx, List<License> page) throws SQLException {
        List<Differing> differing = new ArrayList<>();
        try (PreparedStatement belief = tx.getConnection().prepareStatement(LicenseSql.BELIEF)) {
            for (License license : page) {
                quantity += license.quantity();
                bind(belief, license);
                try (ResultSet row = belief.executeQuery()) {
                    if (!row.next()) {
                        differing.add(new Differing(license, null, false));
                        continue;
                    }
                    long id = row.getLong(1);
                    if (matched.add(id) && row.getBoolean(2)) {
                        passedOver.add(id);
                    } else {
                        differing.add(new Differing(license, id, passedOver.contains(id)));
                    }
                }
            }
        }
        return differing;
    }

    private void bind(PreparedStatement belief, License license) throws SQLException {
        Instant endsAt = license.endsAt();
        belief.setLong(1, license.quantity());
        belief.setLong(2, license.inUse());
        belief.setLong(3, license.available());
        belief.setLong(4, license.reserved());
        belief.setString(5, license.status());
        belief.setLong(6, endsAt == null ? NEVER : endsAt.toEpochMilli());
        belief.setLong(7, placeId);
        belief.setString(8, license.name());
        belief.setString(9, license.billing());
    }

    /**
     * A license that is not just as believed.
     *
     * @param licenseId the row that is believed so far, null when there is none
     * @param passedOver whether the answer had it before, just as believed: then it is not staged yet
     */
    record Differing(License license, @Nullable Long licenseId, boolean passedOver) {}

    /** How many licenses a place is believed to have, and how many of them out of compliance. */
    record Believed(long licenses, long out) {

        static Believed of(Handle tx, long placeId) {
            return tx.createQuery("SELECT COUNT(*) AS n, COUNT(CASE WHEN status = :out THEN 1 END) AS o"
                            + " FROM license WHERE place_id = :place AND gone_run IS NULL")
                    .bind("out", Compliance.OUT)
                    .bind("place", placeId)
                    .map((row, context) -> new Believed(row.getLong("n"), row.getLong("o")))
                    .one();
        }
    }
}
