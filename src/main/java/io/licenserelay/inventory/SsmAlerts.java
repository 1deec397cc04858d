package io.licenserelay.inventory;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.model.SsmAlert;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** SSM's own alerts of an account, in the caller's transaction. Stateless. */
public final class SsmAlerts {

    /** Replaces the stored alerts of the account, and returns their number. */
    public int replace(Handle tx, Place account, List<SsmAlert> alerts) {
        tx.execute("DELETE FROM ssm_alert WHERE place_id = ?", account.id());
        for (int i = 0; i < alerts.size(); i++) {
            SsmAlert alert = alerts.get(i);
            tx.execute(
                    "INSERT INTO ssm_alert (place_id, ordinal, message_type, severity, source, message)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    account.id(),
                    i,
                    alert.messageType(),
                    alert.severity(),
                    alert.source(),
                    alert.message());
        }
        return alerts.size();
    }
}
