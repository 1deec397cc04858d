package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.inventory.model.Compliance;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The licenses of a virtual account that SSM lists as out of compliance. */
public final class Shortages {
    private Shortages() {}

    /**
     * Reads the licenses, largest shortage first.
     *
     * @param total the number of licenses out of compliance
     */
    public static ConcernedItems of(Handle tx, Place virtualAccount, long total) {
        List<ConcernedItems.License> first = tx.createQuery("SELECT name, billing, quantity, in_use FROM license"
                        + " WHERE place_id = :place AND gone_run IS NULL AND status = :out"
                        + " ORDER BY in_use - quantity DESC, name, billing LIMIT " + ConcernedItems.MOST)
                .bind("place", virtualAccount.id())
                .bind("out", Compliance.OUT)
                .map((row, context) -> new ConcernedItems.License(
                        row.getString("name"),
                        String.valueOf(virtualAccount.va()),
                        row.getString("billing"),
                        row.getLong("quantity"),
                        row.getLong("in_use"),
                        null))
                .list();
        return ConcernedItems.licenses(first, total);
    }
}
