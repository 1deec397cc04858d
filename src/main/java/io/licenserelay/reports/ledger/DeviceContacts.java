package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.evidence.Finding;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.Udi;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Records the last request to each configured device, its result, and which UDIs the device reports for. Thread-safe.
 */
public final class DeviceContacts {
    private final Database database;
    private final Redactor redactor;
    private final Clock clock;

    public DeviceContacts(Database database, Redactor redactor, Clock clock) {
        this.database = database;
        this.redactor = redactor;
        this.clock = clock;
    }

    /** Records that a request to the device is about to be sent. */
    public void recordRequest(Site site, Device device) {
        database.write(
                site.name(),
                tx -> tx.execute(
                        "INSERT INTO device_contact (site, name, requested_at) VALUES (?, ?, ?)"
                                + " ON CONFLICT (site, name) DO UPDATE SET requested_at = excluded.requested_at",
                        site.name(),
                        device.name(),
                        clock.millis()));
    }

    /**
     * Records an answer of the device.
     *
     * @param reports number of reports in the answer
     * @param trouble what part of the answer was unusable; null if none
     */
    public void answered(Site site, Device device, int reports, @Nullable Finding trouble) {
        database.write(
                site.name(),
                tx -> tx.execute(
                        "UPDATE device_contact SET answered_at = ?, report_count = ?, failed_at = NULL, finding = ?, error = ?"
                                + " WHERE site = ? AND name = ?",
                        clock.millis(),
                        reports,
                        trouble == null ? null : trouble.name(),
                        trouble == null ? null : redactor.redact(trouble.phrase()),
                        site.name(),
                        device.name()));
    }

    /** Records a failed request. */
    public void failed(Site site, Device device, Finding why) {
        database.write(
                site.name(),
                tx -> tx.execute(
                        "UPDATE device_contact SET failed_at = ?, finding = ?, error = ? WHERE site = ? AND name = ?",
                        clock.millis(),
                        why.name(),
                        redactor.redact(why.phrase()),
                        site.name(),
                        device.name()));
    }

    /** The devices whose last request succeeded. */
    public List<Device> answering(Site site, Devices devices) {
        Set<String> answering = new HashSet<>(database.read(tx -> tx.createQuery("SELECT name FROM device_contact"
                        + " WHERE site = :site AND answered_at IS NOT NULL AND failed_at IS NULL")
                .bind("site", site.name())
                .mapTo(String.class)
                .list()));
        return devices.list().stream()
                .filter(device -> answering.contains(device.name()))
                .toList();
    }

    /**
     * Deletes the records of devices that were removed from the configuration, and with them the problems of these
     * devices. Called when this relay begins to work for the site.
     */
    public void retire(Site site) {
        Devices devices = site.reports().devices();
        Set<String> known = devices == null
                ? Set.of()
                : new HashSet<>(devices.list().stream().map(Device::name).toList());
        database.write(site.name(), tx -> {
            for (String table : List.of("device_contact", "device_udi")) {
                names(tx, site, table).filter(name -> !known.contains(name)).forEach(name -> {
                    tx.execute("DELETE FROM " + table + " WHERE site = ? AND name = ?", site.name(), name);
                });
            }
            if (devices == null || devices.acks() == Devices.Acks.OFF) {
                PendingDeviceAcks.forget(tx, site);
            }
            return 1;
        });
    }

    private static Stream<String> names(Handle tx, Site site, String table) {
        return tx
                .createQuery("SELECT DISTINCT name FROM " + table + " WHERE site = :site")
                .bind("site", site.name())
                .mapTo(String.class)
                .list()
                .stream();
    }

    /** Records that the device's answer contains reports of this UDI. */
    public static void carries(Handle tx, Site site, String device, Udi udi, Clock clock) {
        tx.execute(
                "INSERT INTO device_udi (site, pid, serial, name, observed_at) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (site, pid, serial) DO UPDATE SET name = excluded.name,"
                        + " observed_at = excluded.observed_at",
                site.name(),
                udi.pid(),
                udi.serial(),
                device,
                clock.millis());
    }
}
