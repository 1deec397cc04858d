package io.licenserelay.cli;

import io.licenserelay.device.DeviceAcks;
import io.licenserelay.device.DeviceReports;
import io.licenserelay.redact.Redactor;
import io.licenserelay.store.Database;
import io.licenserelay.sync.Sites;
import io.licenserelay.usage.AckReturns;
import io.licenserelay.usage.DeviceContacts;
import java.time.Clock;
import org.apache.camel.main.Main;

/** What asking devices for their reports takes, and giving them their acknowledgements, put together. */
final class DeviceParts {
    private final Sites sites;
    private final DeviceContacts contacts;
    private final DeviceReports reports;
    private final DeviceAcks acks;

    DeviceParts(Sites sites, Database database, ReportParts reports, Redactor redactor, Clock clock) {
        this.sites = sites;
        this.contacts = new DeviceContacts(database, redactor, clock);
        this.reports = new DeviceReports(database, contacts, reports.reception(), clock);
        AckReturns returns = new AckReturns(database, clock);
        this.acks = new DeviceAcks(database, returns, contacts, reports.health(), clock);
    }

    /** Gives the routes their beans. */
    void bind(Main main) {
        main.bind("deviceReports", reports);
        main.bind("deviceAcks", acks);
    }

    /** Nothing is known any more of devices that left the configuration. */
    void retire() {
        contacts.retire(sites.all());
    }
}
