package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices.Acks;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.Udi;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Acknowledgements on their way back to the devices whose reports they are for. Each is written down before it is sent and after;
 * one whose answer was lost is sent again, which does no harm. A device that refuses one is sent it {@value #MOST_TRIES} times at most
 * in one form. Thread-safe.
 */
public final class PendingDeviceAcks {
    private static final int MOST_TRIES = 5;
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_NAMED = 5;

    /** A device that never takes one does not stay an incident for ever. */
    private static final Duration STANDS = Duration.ofDays(30);

    private static final String WAITING = " FROM report r JOIN device_udi d ON d.site = r.site AND d.pid = r.pid"
            + " AND d.serial = r.serial WHERE r.site = :site AND r.state = 'acknowledged' AND r.ack IS NOT NULL"
            + " AND r.device_ack_accepted_at IS NULL AND (r.device_ack_error IS NULL OR r.device_ack_form <> :form"
            + " OR (:again AND r.device_ack_tries < " + MOST_TRIES + "))";

    private static final String REFUSED = " FROM report r WHERE r.site = :site AND r.device_ack_error IS NOT NULL"
            + " AND r.device_ack_sent_at > :since";

    private final Database database;
    private final Clock clock;

    public PendingDeviceAcks(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** One that is to be given back. */
    public record Return(String digest, Udi udi, Ack ack) {}

    /**
     * The names of devices for which there are any.
     *
     * @param again also those that were refused
     */
    public Set<String> devices(Site site, Acks form, boolean again) {
        return Set.copyOf(database.read(tx -> tx.createQuery("SELECT DISTINCT d.name" + WAITING)
                .bind("site", site.name())
                .bind("form", form.wireName())
                .bind("again", again)
                .mapTo(String.class)
                .list()));
    }

    /** Those of one device, the oldest first; some at once, the others when it is asked again. */
    public List<Return> waiting(Site site, Device device, Acks form, boolean again) {
        return database.read(tx -> tx.createQuery(
                        "SELECT r.*" + WAITING + " AND d.name = :name ORDER BY r.changed_at, r.digest LIMIT :most")
                .bind("site", site.name())
                .bind("form", form.wireName())
                .bind("again", again)
                .bind("name", device.name())
                .bind("most", MOST_AT_ONCE)
                .map((row, context) -> {
                    Udi udi = new Udi(row.getString("pid"), row.getString("serial"));
                    return new Return(row.getString("digest"), udi, new Ack(udi, row.getString("ack"), Set.of()));
                })
                .list());
    }

    /** It is about to be sent: from now on the device may have it. */
    public void prepare(Return each, Acks form) {
        database.write(tx -> tx.execute(
                "UPDATE report SET device_ack_tries = CASE WHEN device_ack_form = ? THEN device_ack_tries ELSE 0 END,"
                        + " device_ack_form = ?, device_ack_sent_at = ? WHERE digest = ?",
                form.wireName(),
                form.wireName(),
                clock.millis(),
                each.digest()));
    }

    /** The device took it. */
    public void given(Return each) {
        database.write(tx -> tx.execute(
                "UPDATE report SET device_ack_accepted_at = ?, device_ack_error = NULL WHERE digest = ?",
                clock.millis(),
                each.digest()));
    }

    /**
     * The device refused it.
     *
     * @return whether it is the first time in this form
     */
    public boolean refused(Return each, Device device, String why) {
        return database.write(tx -> {
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

    /** Devices are given none any more: what they refused is nobody's trouble. */
    static void forget(Handle tx, Site site) {
        tx.execute(
                "UPDATE report SET device_ack_error = NULL, device_ack_form = NULL"
                        + " WHERE site = ? AND device_ack_error IS NOT NULL",
                site.name());
    }

    /** What devices refused and have not taken since. */
    static Optional<Finding> standing(Handle tx, String site, Clock clock) {
        long since = clock.instant().minus(STANDS).toEpochMilli();
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
                .bind("most", MOST_NAMED)
                .map((row, context) -> row.getString("pid") + " " + row.getString("serial") + ", report "
                        + row.getString("digest").substring(0, 8) + " ("
                        + row.getString("device_ack_error") + ")")
                .list();
        return Optional.of(new Finding(
                Findings.DEVICE_ACK_REFUSED,
                count + " acknowledgement(s) were refused by their devices: " + String.join("; ", named)
                        + (count > named.size() ? "; and " + (count - named.size()) + " more" : "")));
    }
}
