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
 * Tracks the deadlines of all devices that are expected to report: the devices that SSM lists, and the devices whose
 * reports arrived. A change only marks the device as stale; {@link #account} computes its deadlines later.
 */
public final class DeviceDeadlines {
    private static final int BATCH_SIZE = 500;
    private static final String HAS_PROBLEM =
            " site = :site AND (ack_warn_at <= :now OR contact_due_at <= :now OR last_reported <> '')";
    private static final String AT = " AND COALESCE(account, '') = :account AND COALESCE(va, '') = :va";

    private final Set<String> accounted = ConcurrentHashMap.newKeySet();
    private final Database database;
    private final Clock clock;
    private final Clock deadlines;

    /** @param deadlines the clock for deadlines */
    public DeviceDeadlines(Database database, Clock clock, Clock deadlines) {
        this.deadlines = deadlines;
        this.database = database;
        this.clock = clock;
    }

    /** Marks the device as stale, because something arrived that may change its deadlines. */
    public static void markStale(Handle tx, Place place, Udi udi, Instant now) {
        tx.execute(
                "INSERT INTO expected_device (site, pid, serial, listed, known_since) VALUES (?, ?, ?, 0, ?)"
                        + " ON CONFLICT (site, pid, serial) DO UPDATE SET stale = 1",
                place.site(),
                udi.pid(),
                udi.serial(),
                now.toEpochMilli());
    }

    /** Marks the devices of these reports as stale. */
    public static void markStale(Handle tx, List<String> digests, Instant now) {
        tx.createUpdate("INSERT INTO expected_device (site, pid, serial, listed, known_since)"
                        + " SELECT DISTINCT site, pid, serial, 0, CAST(:now AS BIGINT) FROM report WHERE digest IN (<digests>)"
                        + " ON CONFLICT (site, pid, serial) DO UPDATE SET stale = 1 WHERE expected_device.stale = 0")
                .bind("now", now.toEpochMilli())
                .bindList("digests", digests)
                .execute();
    }

    /**
     * Takes over SSM's device list of the last pull, and marks changed devices as stale. The first call of a process
     * marks every device, because the configured policy may have changed since the last process.
     */
    public void takeList(Site site) {
        boolean first = accounted.add(site.name());
        database.write(site.name(), tx -> {
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
     * Computes the deadlines of all stale devices, a batch of devices per transaction.
     *
     * @return places that a device has left after a problem of that device was reported there
     */
    public Set<Place> account(Site site) {
        Set<Place> left = new LinkedHashSet<>();
        while (database.read(tx -> anyStale(tx, site))) {
            database.write(site.name(), tx -> accountBatch(tx, site, left));
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

    private static int accountBatch(Handle tx, Site site, Set<Place> left) {
        List<ExpectedDevice> stale = tx.createQuery(
                        "SELECT * FROM expected_device WHERE site = :site AND stale = 1 LIMIT " + BATCH_SIZE)
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
        DeviceReportingState state = DeviceReportingState.of(tx, site, device.udi());
        AckDeadline ack = device.listed() || state.open() > 0 ? AckDeadline.of(state, policy) : null;
        LastContact lastContact = LastContact.of(state);
        Place place = device.listed() ? device.place() : reported(tx, site, device.udi());
        tx.createUpdate(
                        "UPDATE expected_device SET account = :account, va = :va, last_contact_at = :heard, last_contact_by = :by,"
                                + " last_ack_at = :lastAck, ack_due_at = :due, ack_due_by = :dueBy, ack_warn_at = :warn,"
                                + " contact_due_at = :silent, stale = 0 WHERE site = :site AND pid = :pid AND serial = :serial")
                .bind("account", place.account())
                .bind("va", place.va())
                .bind("heard", lastContact == null ? null : lastContact.at.toEpochMilli())
                .bind("by", lastContact == null ? null : lastContact.by)
                .bind("lastAck", millis(state.lastAck()))
                .bind("due", ack == null ? null : ack.at().toEpochMilli())
                .bind("dueBy", ack == null ? null : ack.by())
                .bind(
                        "warn",
                        ack == null
                                ? null
                                : ack.at().minus(warning(ack, policy)).toEpochMilli())
                .bind("silent", millis(device.listed() ? silentAt(device, state, lastContact, policy) : null))
                .bind("site", site)
                .bind("pid", device.udi().pid())
                .bind("serial", device.udi().serial())
                .execute();
        return place;
    }

    /**
     * Limits the warning time to a third of the interval, so that a device that reports monthly does not cause a
     * warning for the whole month.
     */
    private static Duration warning(AckDeadline ack, ReportPolicy policy) {
        Duration third = ack.interval().dividedBy(3);
        return policy.warn().compareTo(third) < 0 ? policy.warn() : third;
    }

    private static @Nullable Instant silentAt(
            ExpectedDevice device, DeviceReportingState state, @Nullable LastContact lastContact, ReportPolicy policy) {
        if (!policy.watchesSilence()) {
            return null;
        }
        Duration silence = AckDeadline.silence(state, policy, lastContact != null);
        Instant since = lastContact == null ? device.knownSince() : lastContact.at;
        return silence.isZero() ? null : since.plus(silence);
    }

    /** The last evidence that the device is alive and reports to any server. */
    private record LastContact(Instant at, String by) {
        static @Nullable LastContact of(DeviceReportingState state) {
            LastContact lastContact = null;
            lastContact = later(lastContact, state.lastContact(), "SSM's device list");
            lastContact = later(
                    lastContact, state.stated() == null ? null : state.stated().readAt(), "its own status output");
            return later(lastContact, state.lastReport(), "a report");
        }

        private static @Nullable LastContact later(@Nullable LastContact before, @Nullable Instant at, String by) {
            return at == null || (before != null && before.at.isAfter(at)) ? before : new LastContact(at, by);
        }
    }

    /** The place of the device's newest report. */
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

    /** The devices of the place whose deadline is near or past, and the devices with a reported problem. */
    public List<ExpectedDevice> worrying(Handle tx, Place place) {
        return tx.createQuery("SELECT * FROM expected_device WHERE" + HAS_PROBLEM + AT
                        + " ORDER BY ack_due_at NULLS FIRST, pid, serial")
                .bind("site", place.site())
                .bind("account", Objects.requireNonNullElse(place.account(), ""))
                .bind("va", Objects.requireNonNullElse(place.va(), ""))
                .bind("now", deadlines.millis())
                .map((row, context) -> ExpectedDevice.of(row))
                .list();
    }

    public List<Place> worryingPlaces(Handle tx, Site site) {
        return tx.createQuery("SELECT DISTINCT account, va FROM expected_device WHERE" + HAS_PROBLEM)
                .bind("site", site.name())
                .bind("now", deadlines.millis())
                .map((row, context) -> new Place(site.name(), row.getString("account"), row.getString("va")))
                .list();
    }

    /** Whether a device of the place has a reported problem, according to the last computation. */
    public static boolean anyReported(Handle tx, Place place) {
        return tx.createQuery("SELECT COUNT(*) FROM expected_device WHERE site = :site AND last_reported <> ''" + AT)
                        .bind("site", place.site())
                        .bind("account", Objects.requireNonNullElse(place.account(), ""))
                        .bind("va", Objects.requireNonNullElse(place.va(), ""))
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** @param what {@link ExpectedDevice#worries} as one text */
    public static void recordReported(Handle tx, ExpectedDevice device, String what) {
        tx.execute(
                "UPDATE expected_device SET last_reported = ? WHERE site = ? AND pid = ? AND serial = ?",
                what,
                device.place().site(),
                device.udi().pid(),
                device.udi().serial());
    }
}
