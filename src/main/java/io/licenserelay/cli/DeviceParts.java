package io.licenserelay.cli;

import io.licenserelay.device.DeviceAcks;
import io.licenserelay.device.DeviceReports;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Site;
import io.licenserelay.site.Site.Devices;
import io.licenserelay.store.Database;
import io.licenserelay.sync.Sites;
import io.licenserelay.threads.WorkerThreads;
import io.licenserelay.usage.AckReturns;
import io.licenserelay.usage.DeviceContacts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.apache.camel.main.Main;

/** What asking devices for their reports takes, and giving them their acknowledgements, put together. */
final class DeviceParts implements AutoCloseable {
    private final Sites sites;
    private final DeviceContacts contacts;
    private final DeviceReports reports;
    private final DeviceAcks acks;
    private final List<ExecutorService> pools = new ArrayList<>();

    DeviceParts(Sites sites, Database database, ReportParts reports, Redactor redactor, Clock clock) {
        this.sites = sites;
        this.contacts = new DeviceContacts(database, redactor, clock);
        this.reports = new DeviceReports(database, contacts, reports.reception(), clock);
        AckReturns returns = new AckReturns(database, clock);
        this.acks = new DeviceAcks(database, returns, contacts, reports.health(), clock);
    }

    /** Gives the routes their beans, and each site that has devices the threads that visit them. */
    void bind(Main main) {
        main.bind("deviceReports", reports);
        main.bind("deviceAcks", acks);
        for (Site site : sites.all()) {
            Devices devices = site.reports().devices();
            if (devices != null) {
                ExecutorService pool = WorkerThreads.limited("device of " + site.name(), devices.parallel());
                pools.add(pool);
                main.bind("devices-" + site.name(), pool);
            }
        }
    }

    /** Nothing is known any more of devices that left the configuration. */
    void retire() {
        contacts.retire(sites.all());
    }

    @Override
    public void close() {
        pools.forEach(ExecutorService::shutdownNow);
    }
}
