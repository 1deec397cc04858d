package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices.Acks;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.Udi;
import io.licenserelay.store.Database;
import io.licenserelay.text.Plural;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Acknowledgements to deliver to devices. Each delivery is recorded before it is sent and after. After a lost answer
 * the acknowledgement is sent again, which is harmless. A refused acknowledgement is sent at most {@value #MAX_TRIES}
 * times in one form. Thread-safe.
 */
public final class PendingDeviceAcks {
    private static final int MAX_TRIES = 5;
    private static final int BATCH_SIZE = 500;
    private static final int MAX_NAMED = 5;

    /** Limits the incident of a device that never accepts an acknowledgement. */
    private static final Duration MAX_AGE = Duration.ofDays(30);

    private static final String WAITING = " FROM report r JOIN device_udi d ON d.site = r.site AND d.pid = r.pid"
            + " AND d.serial = r.serial WHERE r.site = :site AND r.state = 'acknowledged' AND r.ack IS NOT NULL"
            + " AND r.device_ack_accepted_at IS NULL AND (r.device_ack_error IS NULL OR r.device_ack_form <> :form"
            + " OR (:again AND r.device_ack_tries < " + MAX_TRIES + "))";

    private static final String REFUSED = " FROM report r WHERE r.site = :site AND r.device_ack_error IS NOT NULL"
            + " AND r.device_ack_sent_at > :since";

    private final Database database;
    private final Clock clock;

    public PendingDeviceAcks(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** An acknowledgement to deliver to its device. */
    public record PendingAck(String site, String digest, Udi udi, Ack ack) {}

    /**
     * The names of devices with pending acknowledgements.
     *
     * @param includeRefused whether refused acknowledgements are included
     */
    public Set<String> devices(Site site, Acks form, boolean includeRefused) {
        return Set.copyOf(database.read(tx -> tx.createQuery("SELECT DISTINCT d.name" + WAITING)
                .bind("site", site.name())
                .bind("form", form.wireName())
                .bind("again", includeRefused)
                .mapTo(String.class)
                .list()));
    }

    /**
     * The pending acknowledgements of one device, oldest first. The number is limited; the rest follows in the next
     * call.
     */
    public List<PendingAck> waiting(Site site, Device device, Acks form, boolean includeRefused) {
        return database.read(tx -> tx.createQuery(
                        "SELECT r.*" + WAITING + " AND d.name = :name ORDER BY r.changed_at, r.digest LIMIT :most")
                .bind("site", site.name())
                .bind("form", form.wireName())
                .bind("again", includeRefused)
                .bind("name", device.name())
                .bind("most", BATCH_SIZE)
                .map((row, context) -> {
                    Udi udi = new Udi(row.getString("pid"), row.getString("serial"));
                    return new PendingAck(
                            site.name(), row.getString("digest"), udi, new Ack(udi, row.getString("ack"), Set.of()));
                })
                .list());
    }

    /** Records that the acknowledgement is about to be sent. From now on the device may have it. */
    public void prepare(PendingAck each, Acks form) {
        database.write(
                each.site(),
                tx -> tx.execute(
                        "UPDATE report SET device_ack_tries = CASE WHEN device_ack_form = ? THEN device_ack_tries ELSE 0 END,"
                                + " device_ack_form = ?, device_ack_sent_at = ? WHERE digest = ?",
                        form.wireName(),
                        form.wireName(),
                        clock.millis(),
                        each.digest()));
    }

    /** The device accepted the acknowledgement. */
    public void accepted(PendingAck each) {
        database.write(
                each.site(),
                tx -> tx.execute(
                        "UPDATE report SET device_ack_accepted_at = ?, device_ack_error = NULL WHERE digest = ?",
                        clock.millis(),
                        each.digest()));
    }

    /**
     * The device refused the acknowledgement.
     *
     * @return whether this is the first refusal in this form
     */
    public boolean refused(PendingAck each, Device device, String why) {
        return database.write(each.site(), tx -> {
            tx.execute(
                    "UPDATE report SET device_ack_tries = device_ack_tries + 1, device_ack_error = ? WHERE digest = ?",
                    device.name() + ": " + why,
                    each.digest());
            return tx.createQuery("SELECT device_ack_tries FROM report WHERE digest = :digest")
                            .bind("digest", each.digest())
                            .mapTo(Long.class)
                            .one()
                    == 1;
        });
    }

    /** Clears refusals after delivery to devices was disabled. */
    static void clearRefusals(Handle tx, Site site) {
        tx.execute(
                "UPDATE report SET device_ack_error = NULL, device_ack_form = NULL"
                        + " WHERE site = ? AND device_ack_error IS NOT NULL",
                site.name());
    }

    /** A finding about acknowledgements that devices refused and have not accepted since. */
    static Optional<Finding> standing(Handle tx, String site, Clock clock) {
        long since = clock.instant().minus(MAX_AGE).toEpochMilli();
        long count = tx.createQuery("SELECT COUNT(*)" + REFUSED)
                .bind("site", site)
                .bind("since", since)
                .mapTo(Long.class)
                .one();
        if (count == 0) {
            return Optional.empty();
        }
        List<String> named = tx.createQuery(
                        "SELECT r.*" + REFUSED + " ORDER BY r.device_ack_sent_at, r.digest LIMIT :most")
                .bind("site", site)
                .bind("since", since)
                .bind("most", MAX_NAMED)
                .map((row, context) -> row.getString("pid") + " " + row.getString("serial") + ", report "
                        + row.getString("digest").substring(0, 8) + " ("
                        + row.getString("device_ack_error") + ")")
                .list();
        return Optional.of(new Finding(
                Findings.DEVICE_ACK_REFUSED,
                Plural.of(
                                count,
                                "acknowledgement was refused by its device",
                                "acknowledgements were refused by their devices")
                        + ": " + String.join("; ", named)
                        + (count > named.size() ? "; and " + (count - named.size()) + " more" : "")));
    }
}
