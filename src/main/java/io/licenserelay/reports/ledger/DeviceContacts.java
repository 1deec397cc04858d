package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.evidence.Finding;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.Udi;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What each device that is asked for its reports said last, and whose reports it carries. Thread-safe. */
public final class DeviceContacts {
    private final Database database;
    private final Redactor redactor;
    private final Clock clock;

    public DeviceContacts(Database database, Redactor redactor, Clock clock) {
        this.database = database;
        this.redactor = redactor;
        this.clock = clock;
    }

    /** It is about to be asked. */
    public void recordRequest(Site site, Device device) {
        database.write(tx -> tx.execute(
                "INSERT INTO device_contact (site, name, requested_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (site, name) DO UPDATE SET requested_at = excluded.requested_at",
                site.name(),
                device.name(),
                clock.millis()));
    }

    /**
     * It answered.
     *
     * @param reports how many came
     * @param trouble what of the answer is of no use; null when all is
     */
    public void answered(Site site, Device device, int reports, @Nullable Finding trouble) {
        database.write(tx -> tx.execute(
                "UPDATE device_contact SET answered_at = ?, report_count = ?, failed_at = NULL, finding = ?, error = ?"
                        + " WHERE site = ? AND name = ?",
                clock.millis(),
                reports,
                trouble == null ? null : trouble.name(),
                trouble == null ? null : redactor.redact(trouble.phrase()),
                site.name(),
                device.name()));
    }

    /** It did not answer as it should. */
    public void failed(Site site, Device device, Finding why) {
        database.write(tx -> tx.execute(
                "UPDATE device_contact SET failed_at = ?, finding = ?, error = ? WHERE site = ? AND name = ?",
                clock.millis(),
                why.name(),
                redactor.redact(why.phrase()),
                site.name(),
                device.name()));
    }

    /** The devices that answered when they were asked last. */
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
     * What is known of devices that left the configuration is forgotten, and with it what was not well with them; called once,
     * before anything runs.
     */
    public void retire(Collection<Site> sites) {
        for (Site site : sites) {
            Devices devices = site.reports().devices();
            Set<String> known = devices == null
                    ? Set.of()
                    : new HashSet<>(devices.list().stream().map(Device::name).toList());
            database.write(tx -> {
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
    }

    private static Stream<String> names(Handle tx, Site site, String table) {
        return tx
                .createQuery("SELECT DISTINCT name FROM " + table + " WHERE site = :site")
                .bind("site", site.name())
                .mapTo(String.class)
                .list()
                .stream();
    }

    /** The device's answer carries reports of this one. */
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
