package io.licenserelay.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.Relay;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.LicenseItem;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The demo's usage reports: invented reports in the published format, shown from the relay's own ledger. */
final class DemoReports {
    private static final String PID = "C8000V";

    private final Relay relay;
    private final PrintWriter out;

    DemoReports(Relay relay, PrintWriter out) {
        this.relay = relay;
        this.out = out;
    }

    /** The estate of the simulated CSSM: the reporting devices, in two virtual accounts. */
    static Estate estate() {
        return Estate.of()
                .account("acme.example.net")
                .va("Default")
                .license("DNA Advantage", 10, 4, LicenseItem.IN_COMPLIANCE)
                .device(PID, "9SAMPLE0001")
                .va("Branch Offices")
                .license("DNA Essentials", 5, 2, LicenseItem.IN_COMPLIANCE)
                .device(PID, "9SAMPLE0002")
                .estate();
    }

    /** Writes one file per device in the format of {@code license smart save usage}. The folder does not name an account. */
    void writeToInbox() {
        writeToInbox("9SAMPLE0001", 1_671_840_750);
        writeToInbox("9SAMPLE0002", 1_671_927_150);
    }

    /** Prints one line per report. */
    void print() {
        new LedgerView(relay.database()).each(null, null, this::print);
        out.flush();
    }

    long count(ReportState state) {
        return new LedgerView(relay.database()).count(state);
    }

    /** Waits for the interval that the simulated server requests between two polls. */
    void awaitPoll() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1_100);
    }

    private void print(ReportEntry report) {
        String file = report.ackFile();
        out.printf(
                "  %s  %-12s  %s  %s%s%n",
                report.digest().substring(0, 12),
                report.state().wireName(),
                report.udi(),
                report.place(),
                file == null ? "" : "\n" + " ".repeat(16) + "ACK: " + file);
    }

    private void writeToInbox(String serial, long reportId) {
        Site site = relay.sites().named("cloud");
        try {
            Path inbox = Files.createDirectories(site.reports().inbox());
            Files.writeString(inbox.resolve("rum-" + serial + ".txt"), content(serial, reportId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(String serial, long reportId) throws JsonProcessingException {
        ObjectNode payload = Json.MAPPER.createObjectNode().put("version", "2.0");
        ObjectNode asset = payload.putObject("asset_identification").put("report_id", reportId);
        sudi(asset.putObject("instance"), serial);
        payload.putObject("meta").put("entitlement_tag", "regid.2018-12.com.cisco.DNA_P_50M_A,1.0_demo");
        payload.putArray("measurements")
                .addObject()
                .put("start_time", reportId)
                .put("end_time", reportId + 86_399)
                .putObject("value")
                .put("type", "COUNT")
                .put("value", "1");
        ObjectNode report = Json.MAPPER.createObjectNode().put("payload", Json.MAPPER.writeValueAsString(payload));
        ObjectNode signature = report.putObject("signature");
        sudi(signature, serial);
        signature.put("signing_type", "builtin").put("key", "regid.2019-10.com.cisco.C8000V,1.0_demo");
        signature.put("value", "bm90IGEgcmVhbCBzaWduYXR1cmU=");
        return "<smartLicense><RUMReport><![CDATA[" + Json.MAPPER.writeValueAsString(report)
                + "]]></RUMReport></smartLicense>\n";
    }

    private static void sudi(ObjectNode parent, String serial) {
        parent.putObject("sudi").put("udi_pid", PID).put("udi_serial_number", serial);
    }
}
