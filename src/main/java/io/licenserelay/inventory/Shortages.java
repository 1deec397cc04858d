package io.licenserelay.inventory;

import io.licenserelay.evidence.Concerned;
import io.licenserelay.site.Place;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The licenses of a virtual account that SSM lists as out of compliance. */
public final class Shortages {
    private Shortages() {}

    /**
     * Reads them, those that lack most first.
     *
     * @param total how many there are
     */
    public static Concerned of(Handle tx, Place virtualAccount, long total) {
        List<Concerned.License> first = tx.createQuery("SELECT name, billing, quantity, in_use FROM license"
                        + " WHERE place_id = :place AND gone_run IS NULL AND status = :out"
                        + " ORDER BY in_use - quantity DESC, name, billing LIMIT " + Concerned.MOST)
                .bind("place", virtualAccount.id())
                .bind("out", Compliance.OUT)
                .map((row, context) -> new Concerned.License(
                        row.getString("name"),
                        String.valueOf(virtualAccount.va()),
                        row.getString("billing"),
                        row.getLong("quantity"),
                        row.getLong("in_use"),
                        null))
                .list();
        return Concerned.licenses(first, total);
    }
}
