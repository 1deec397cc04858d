package io.licenserelay.reports.ledger;

import static io.licenserelay.store.SqlTime.millis;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.ReportPolicy;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.Udi;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps account of the devices that are to report: those that SSM lists, and those whose reports came. News of a device is only
 * marked when it comes, and accounted for by the next look.
 */
public final class DeviceDeadlines {
    private static final int AT_ONCE = 500;
    private static final String WORRYING =
            " site = :site AND (ack_warn_at <= :now OR contact_due_at <= :now OR last_reported <> '')";
    private static final String AT = " AND COALESCE(account, '') = :account AND COALESCE(va, '') = :va";

    private final Set<String> accounted = ConcurrentHashMap.newKeySet();
    private final Database database;
    private final Clock clock;
    private final Clock deadlines;

    /** @param deadlines by which something is late */
    public DeviceDeadlines(Database database, Clock clock, Clock deadlines) {
        this.deadlines = deadlines;
        this.database = database;
        this.clock = clock;
    }

    /** Something came that may change what is expected of the device. */
    public static void news(Handle tx, Place place, Udi udi, Instant now) {
        tx.execute(
                "INSERT INTO expected_device (site, pid, serial, listed, known_since) VALUES (?, ?, ?, 0, ?)"
                        + " ON CONFLICT (site, pid, serial) DO UPDATE SET stale = 1",
                place.site(),
                udi.pid(),
                udi.serial(),
                now.toEpochMilli());
    }

    /** The same of the devices of these reports. */
    public static void news(Handle tx, List<String> digests, Instant now) {
        tx.createUpdate("INSERT INTO expected_device (site, pid, serial, listed, known_since)"
                        + " SELECT DISTINCT site, pid, serial, 0, CAST(:now AS BIGINT) FROM report WHERE digest IN (<digests>)"
                        + " ON CONFLICT (site, pid, serial) DO UPDATE SET stale = 1 WHERE expected_device.stale = 0")
                .bind("now", now.toEpochMilli())
                .bindList("digests", digests)
                .execute();
    }

    /**
     * Takes over SSM's device list as the last pull left it. What is new in it is accounted for anew, and at first every device:
     * the policy of the configuration may be another than the last process had.
     */
    public void takeList(Site site) {
        boolean first = accounted.add(site.name());
        database.write(tx -> {
            if (first) {
                tx.execute("UPDATE expected_device SET stale = 1 WHERE site = ?", site.name());
            }
            tx.execute(
                    "UPDATE expected_device SET listed = 0, stale = 1 WHERE site = ? AND listed = 1 AND NOT EXISTS"
                            + " (SELECT 1 FROM device d JOIN place p ON p.id = d.place_id WHERE p.site = expected_device.site"
                            + " AND p.gone_run IS NULL AND d.pid = expected_device.pid AND d.serial = expected_device.serial)",
                    site.name());
            return tx.execute(
                    "INSERT INTO expected_device (site, pid, serial, account, va, ssm_contact_at, listed, known_since)"
                            + " SELECT p.site, d.pid, d.serial, CASE WHEN COUNT(*) = 1 THEN MIN(p.account) END,"
                            + " CASE WHEN COUNT(*) = 1 THEN MIN(p.va) END, MAX(d.last_contact_at), 1, CAST(? AS BIGINT) FROM device d"
                            + " JOIN place p ON p.id = d.place_id"
                            + " WHERE p.site = ? AND p.gone_run IS NULL GROUP BY p.site, d.pid, d.serial"
                            + " ON CONFLICT (site, pid, serial) DO UPDATE SET listed = 1, stale = 1,"
                            + " account = excluded.account, va = excluded.va, ssm_contact_at = excluded.ssm_contact_at"
                            + " WHERE expected_device.listed = 0"
                            + " OR expected_device.ssm_contact_at IS DISTINCT FROM excluded.ssm_contact_at"
                            + " OR expected_device.account IS DISTINCT FROM excluded.account"
                            + " OR expected_device.va IS DISTINCT FROM excluded.va",
                    clock.millis(),
                    site.name());
        });
    }

    /**
     * Accounts for what came since the last look, some devices a transaction.
     *
     * @return places that a device left of which something was told there
     */
    public Set<Place> account(Site site) {
        Set<Place> left = new LinkedHashSet<>();
        while (database.read(tx -> anyStale(tx, site))) {
            database.write(tx -> some(tx, site, left));
        }
        return left;
    }

    private static boolean anyStale(Handle tx, Site site) {
        return tx.createQuery("SELECT 1 FROM expected_device WHERE site = :site AND stale = 1 LIMIT 1")
                .bind("site", site.name())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static int some(Handle tx, Site site, Set<Place> left) {
        List<ExpectedDevice> stale = tx.createQuery(
                        "SELECT * FROM expected_device WHERE site = :site AND stale = 1 LIMIT " + AT_ONCE)
                .bind("site", site.name())
                .map((row, context) -> ExpectedDevice.of(row))
                .list();
        for (ExpectedDevice device : stale) {
            Place now = account(tx, device, site.reports().policy());
            if (!now.equals(device.place()) && !device.lastReported().isEmpty()) {
                recordReported(tx, device, "");
                left.add(device.place());
            }
        }
        return stale.size();
    }

    private static Place account(Handle tx, ExpectedDevice device, ReportPolicy policy) {
        String site = device.place().site();
        DeviceReportingState news = DeviceReportingState.of(tx, site, device.udi());
        AckDeadline ack = device.listed() || news.open() > 0 ? AckDeadline.of(news, policy) : null;
        LastContact lastContact = LastContact.of(news);
        Place place = device.listed() ? device.place() : reported(tx, site, device.udi());
        tx.createUpdate(
                        "UPDATE expected_device SET account = :account, va = :va, last_contact_at = :heard, last_contact_by = :by,"
                                + " last_ack_at = :lastAck, ack_due_at = :due, ack_due_by = :dueBy, ack_warn_at = :warn,"
                                + " contact_due_at = :silent, stale = 0 WHERE site = :site AND pid = :pid AND serial = :serial")
                .bind("account", place.account())
                .bind("va", place.va())
                .bind("heard", lastContact == null ? null : lastContact.at.toEpochMilli())
                .bind("by", lastContact == null ? null : lastContact.by)
                .bind("lastAck", millis(news.lastAck()))
                .bind("due", ack == null ? null : ack.at().toEpochMilli())
                .bind("dueBy", ack == null ? null : ack.by())
                .bind(
                        "warn",
                        ack == null
                                ? null
                                : ack.at().minus(warning(ack, policy)).toEpochMilli())
                .bind("silent", millis(device.listed() ? silentAt(device, news, lastContact, policy) : null))
                .bind("site", site)
                .bind("pid", device.udi().pid())
                .bind("serial", device.udi().serial())
                .execute();
        return place;
    }

    /** A device that must report every month is no worry for the whole month. */
    private static Duration warning(AckDeadline ack, ReportPolicy policy) {
        Duration third = ack.interval().dividedBy(3);
        return policy.warn().compareTo(third) < 0 ? policy.warn() : third;
    }

    private static @Nullable Instant silentAt(
            ExpectedDevice device, DeviceReportingState news, @Nullable LastContact lastContact, ReportPolicy policy) {
        if (!policy.watchesSilence()) {
            return null;
        }
        Duration most = AckDeadline.silence(news, policy, lastContact != null);
        Instant since = lastContact == null ? device.knownSince() : lastContact.at;
        return most.isZero() ? null : since.plus(most);
    }

    /** What tells that a device is alive and reports, to whomever. */
    private record LastContact(Instant at, String by) {
        static @Nullable LastContact of(DeviceReportingState news) {
            LastContact lastContact = null;
            lastContact = later(lastContact, news.lastContact(), "SSM's device list");
            lastContact = later(
                    lastContact, news.stated() == null ? null : news.stated().readAt(), "its own word");
            return later(lastContact, news.lastReport(), "a report");
        }

        private static @Nullable LastContact later(@Nullable LastContact before, @Nullable Instant at, String by) {
            return at == null || (before != null && before.at.isAfter(at)) ? before : new LastContact(at, by);
        }
    }

    /** Where its newest report belongs. */
    private static Place reported(Handle tx, String site, Udi udi) {
        return tx.createQuery(
                        "SELECT site, account, va FROM report WHERE site = :site AND pid = :pid AND serial = :serial"
                                + " ORDER BY received_at DESC LIMIT 1")
                .bind("site", site)
                .bind("pid", udi.pid())
                .bind("serial", udi.serial())
                .map((row, context) -> new Place(site, row.getString("account"), row.getString("va")))
                .findOne()
                .orElseGet(() -> Place.site(site));
    }

    /** Devices of the place whose deadline is near or over, and those of whom that was told. */
    public List<ExpectedDevice> worrying(Handle tx, Place place) {
        return tx.createQuery("SELECT * FROM expected_device WHERE" + WORRYING + AT
                        + " ORDER BY ack_due_at NULLS FIRST, pid, serial")
                .bind("site", place.site())
                .bind("account", Objects.requireNonNullElse(place.account(), ""))
                .bind("va", Objects.requireNonNullElse(place.va(), ""))
                .bind("now", deadlines.millis())
                .map((row, context) -> ExpectedDevice.of(row))
                .list();
    }

    public List<Place> worryingPlaces(Handle tx, Site site) {
        return tx.createQuery("SELECT DISTINCT account, va FROM expected_device WHERE" + WORRYING)
                .bind("site", site.name())
                .bind("now", deadlines.millis())
                .map((row, context) -> new Place(site.name(), row.getString("account"), row.getString("va")))
                .list();
    }

    /** Whether something was told of a device of the place that still holds, as far as is accounted for. */
    public static boolean anyReported(Handle tx, Place place) {
        return tx.createQuery("SELECT COUNT(*) FROM expected_device WHERE site = :site AND last_reported <> ''" + AT)
                        .bind("site", place.site())
                        .bind("account", Objects.requireNonNullElse(place.account(), ""))
                        .bind("va", Objects.requireNonNullElse(place.va(), ""))
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** @param what {@link ExpectedDevice#worries} in one word */
    public static void recordReported(Handle tx, ExpectedDevice device, String what) {
        tx.execute(
                "UPDATE expected_device SET last_reported = ? WHERE site = ? AND pid = ? AND serial = ?",
                what,
                device.place().site(),
                device.udi().pid(),
                device.udi().serial());
    }
}
