package io.licenserelay.reports.health;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Udi;
import io.licenserelay.reports.format.DeviceStatus;
import io.licenserelay.reports.ledger.DeviceDeadlines;
import io.licenserelay.reports.ledger.Ledger;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Imports the report states that devices print. A report that is acknowledged according to its device becomes
 * acknowledged, independently of how the acknowledgement reached the device. Rejected reports stay rejected. Used
 * within one transaction.
 */
public final class DeviceStatusImport {
    private static final String ACK = "ACK";
    private static final String UNACK = "UNACK";

    private final Ledger ledger;
    private final ReportIncidents incidents;
    private final Clock clock;

    public DeviceStatusImport(Ledger ledger, ReportIncidents incidents, Clock clock) {
        this.ledger = ledger;
        this.incidents = incidents;
        this.clock = clock;
    }

    /**
     * Imports a device's status output into the ledger.
     *
     * @return why it is unusable; null if it was imported
     */
    @Nullable
    public String take(Handle tx, Site site, DeviceStatus statement, String origin) {
        Set<Udi> devices = statement.udi() != null ? Set.of(statement.udi()) : devices(tx, site, statement);
        if (devices.size() != 1) {
            return devices.isEmpty()
                    ? "the output names no device (PID:…,SN:… as in \"show license udi\"), and none of its reports is in the ledger"
                    : "its report numbers match " + devices.size() + " devices; add the output of \"show license udi\"";
        }
        Udi udi = devices.iterator().next();
        Set<Place> places = new LinkedHashSet<>();
        statement.states().forEach((number, state) -> reports(tx, site, udi, number)
                .forEach(report -> applyState(tx, report, state, places)));
        noteLastAck(tx, site, udi, statement);
        places.stream().filter(place -> place.va() != null).forEach(place -> PushHealth.answered(tx, incidents, place));
        storeStatus(tx, site, udi, statement, origin);
        return null;
    }

    private void applyState(Handle tx, ReportEntry report, String state, Set<Place> places) {
        boolean isUnsettled = report.state() != ReportState.ACKNOWLEDGED && report.state() != ReportState.REJECTED;
        if (state.equals(ACK) && isUnsettled) {
            ledger.acknowledgedByDevice(tx, report.digest(), "the device prints ACK for report " + report.reportId());
            places.add(report.place());
        } else if (state.equals(UNACK) && report.state().awaitsAck()) {
            ledger.note(tx, List.of(report.digest()), "the device prints UNACK: it has no acknowledgement yet");
        }
    }

    /**
     * Adds the time of the last acknowledgement as a note to each report that it may belong to. The time shows when the device received an acknowledgement, not for which reports, and not when the server created it: transport may have
     * taken weeks. So it acknowledges no report. Only the device's list of reports or the acknowledgement itself does.
     */
    private void noteLastAck(Handle tx, Site site, Udi udi, DeviceStatus statement) {
        DeviceStatus.Time last = statement.lastAck();
        if (last == null) {
            return;
        }
        List<ReportEntry> delivered = tx.createQuery("SELECT r.* FROM report r WHERE r.site = :site AND r.pid = :pid"
                        + " AND r.serial = :serial AND r.state IN " + ReportState.AWAITING_ACK
                        + " AND (SELECT MIN(t.entered_at) FROM"
                        + " report_transition t WHERE t.digest = r.digest AND t.state = 'submitted') < :last"
                        // A written bundle may not have been transported.
                        + " AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.id = r.submission_id"
                        + " AND s.bundle_file IS NOT NULL)")
                .bind("site", site.name())
                .bind("pid", udi.pid())
                .bind("serial", udi.serial())
                .bind("last", last.at().toEpochMilli())
                .map((row, context) -> ReportEntry.of(row))
                .list();
        List<String> withoutState = delivered.stream()
                .filter(report -> !statement.states().containsKey(String.valueOf(report.reportId())))
                .map(ReportEntry::digest)
                .toList();
        ledger.note(
                tx,
                withoutState,
                "the device received its last ACK at " + last.printed()
                        + "; use \"show license rum id all\" to check whether it was for this report");
    }

    private static Set<Udi> devices(Handle tx, Site site, DeviceStatus statement) {
        Set<Udi> devices = new LinkedHashSet<>();
        statement.states().keySet().forEach(number -> tx.createQuery(
                        "SELECT DISTINCT pid, serial FROM report WHERE site = :site AND report_id = :number")
                .bind("site", site.name())
                .bind("number", number)
                .map((row, context) -> new Udi(row.getString("pid"), row.getString("serial")))
                .forEach(devices::add));
        return devices;
    }

    private static List<ReportEntry> reports(Handle tx, Site site, Udi udi, String number) {
        return tx.createQuery("SELECT * FROM report WHERE site = :site AND report_id = :number AND pid = :pid"
                        + " AND serial = :serial")
                .bind("site", site.name())
                .bind("number", number)
                .bind("pid", udi.pid())
                .bind("serial", udi.serial())
                .map((row, context) -> ReportEntry.of(row))
                .list();
    }

    private void storeStatus(Handle tx, Site site, Udi udi, DeviceStatus statement, String origin) {
        DeviceStatus.Time last = statement.lastAck();
        DeviceStatus.Time deadline = statement.nextDeadline();
        if (last == null && deadline == null && statement.policy() == null) {
            return;
        }
        tx.execute(
                "INSERT INTO device_status (site, pid, serial, last_ack_printed, last_ack_at, next_deadline_printed, next_deadline_at, policy,"
                        + " origin, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, pid, serial) DO UPDATE SET"
                        + " last_ack_printed = excluded.last_ack_printed, last_ack_at = excluded.last_ack_at,"
                        + " next_deadline_printed = excluded.next_deadline_printed, next_deadline_at = excluded.next_deadline_at,"
                        + " policy = COALESCE(excluded.policy, device_status.policy), origin = excluded.origin, read_at = excluded.read_at",
                site.name(),
                udi.pid(),
                udi.serial(),
                last == null ? null : last.printed(),
                last == null ? null : last.at().toEpochMilli(),
                deadline == null ? null : deadline.printed(),
                deadline == null ? null : deadline.at().toEpochMilli(),
                statement.policy() == null ? null : statement.policy().text(),
                origin,
                clock.millis());
        DeviceDeadlines.markStale(tx, site.place(), udi, clock.instant());
    }
}
