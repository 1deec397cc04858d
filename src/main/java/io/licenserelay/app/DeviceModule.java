package io.licenserelay.app;

import io.licenserelay.http.HttpSender;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.device.DeviceAckDelivery;
import io.licenserelay.reports.device.DeviceReports;
import io.licenserelay.reports.ledger.DeviceContacts;
import io.licenserelay.reports.ledger.PendingDeviceAcks;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import java.time.Clock;
import org.apache.camel.main.Main;

/** What asking devices for their reports takes, and giving them their acknowledgements, put together. */
final class DeviceModule {
    private final Sites sites;
    private final DeviceContacts contacts;
    private final DeviceReports reports;
    private final DeviceAckDelivery acks;

    DeviceModule(
            Sites sites, Database database, ReportModule reports, HttpSender http, Redactor redactor, Clock clock) {
        this.sites = sites;
        this.contacts = new DeviceContacts(database, redactor, clock);
        this.reports = new DeviceReports(database, contacts, reports.reception(), http, clock);
        PendingDeviceAcks returns = new PendingDeviceAcks(database, clock);
        this.acks = new DeviceAckDelivery(database, returns, contacts, reports.health(), http, clock);
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
