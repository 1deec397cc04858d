package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.model.SsmAlert;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** SSM's own alerts of an account, in the caller's transaction. Stateless. */
public final class SsmAlerts {

    /** Replaces the stored alerts of the account, and returns their number. */
    public int replace(Handle tx, Place account, List<SsmAlert> alerts) {
        tx.execute("DELETE FROM ssm_alert WHERE place_id = ?", account.id());
        if (alerts.isEmpty()) {
            return 0;
        }
        try (PreparedBatch rows =
                tx.prepareBatch("INSERT INTO ssm_alert (place_id, ordinal, message_type, severity, source, message)"
                        + " VALUES (?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < alerts.size(); i++) {
                SsmAlert alert = alerts.get(i);
                rows.add(account.id(), i, alert.messageType(), alert.severity(), alert.source(), alert.message());
            }
            rows.execute();
        }
        return alerts.size();
    }
}
