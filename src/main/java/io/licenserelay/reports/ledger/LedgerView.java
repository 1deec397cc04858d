package io.licenserelay.reports.ledger;

import static io.licenserelay.store.SqlTime.instant;

import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.store.Database;
import io.licenserelay.text.WireNamed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Read-only queries of the ledger for commands. */
public final class LedgerView {
    /** A shorter gap can be a restart of the device. */
    private static final Duration GAP = Duration.ofHours(1);

    private final Database database;

    public LedgerView(Database database) {
        this.database = database;
    }

    /**
     * Passes every report to the consumer, oldest first, without holding all of them in memory.
     *
     * @param state null for all
     * @param device its serial number, or {@code PID SERIAL}, or {@code PID:…,SN:…}; null for all
     * @return the number passed to the consumer
     */
    public long each(@Nullable ReportState state, @Nullable String device, Consumer<ReportEntry> consumer) {
        return eachTimed(state, device, timed -> consumer.accept(timed.report()));
    }

    /** Passes every report with the times of its submission and acknowledgement. */
    public long eachTimed(@Nullable ReportState state, @Nullable String device, Consumer<Timed> consumer) {
        return database.read(tx -> {
            try (Stream<Timed> reports = tx
                    .createQuery("SELECT r.*,"
                            + " (SELECT MIN(entered_at) FROM report_transition t WHERE t.digest = r.digest"
                            + " AND t.state = 'submitted') AS submitted_at,"
                            + " (SELECT MIN(entered_at) FROM report_transition t WHERE t.digest = r.digest"
                            + " AND t.state = 'acknowledged') AS acknowledged_at"
                            + " FROM report r WHERE (CAST(:state AS TEXT) IS NULL OR state = :state) AND (CAST(:device AS TEXT) IS NULL"
                            + " OR serial = :device OR pid || ' ' || serial = :device"
                            + " OR 'PID:' || pid || ',SN:' || serial = :device) ORDER BY received_at, digest")
                    .bind("state", state == null ? null : state.wireName())
                    .bind("device", device)
                    .map((row, context) -> new Timed(
                            ReportEntry.of(row), instant(row, "submitted_at"), instant(row, "acknowledged_at")))
                    .stream()) {
                return reports.peek(consumer).mapToLong(report -> 1).sum();
            }
        });
    }

    /** A report with the times of its first submission and acknowledgement, each null if it did not happen. */
    public record Timed(
            ReportEntry report,
            @Nullable Instant submittedAt,
            @Nullable Instant acknowledgedAt) {}

    /** The signed payload; empty after its retention time. */
    public String payload(String digest) {
        return database.read(tx -> tx.createQuery("SELECT payload FROM report_content WHERE digest = :digest")
                .bind("digest", digest)
                .mapTo(String.class)
                .findOne()
                .orElse(""));
    }

    /** The delivery of the acknowledgement to the device; empty if it was not sent to the device. */
    public Optional<GivenBack> givenBack(ReportEntry report) {
        return database.read(tx -> tx.createQuery("SELECT device_ack_sent_at, device_ack_form, device_ack_accepted_at,"
                        + " device_ack_error FROM report WHERE digest = :digest AND device_ack_form IS NOT NULL")
                .bind("digest", report.digest())
                .map((row, context) -> new GivenBack(
                        Instant.ofEpochMilli(row.getLong("device_ack_sent_at")),
                        row.getString("device_ack_form"),
                        instant(row, "device_ack_accepted_at"),
                        row.getString("device_ack_error")))
                .findOne());
    }

    /**
     * An acknowledgement that was sent to its device.
     *
     * @param form {@code xml} or {@code base64}
     * @param takenAt when the device accepted it; null until then
     * @param refusal the device's answer if it refused the acknowledgement, without secrets
     */
    public record GivenBack(
            Instant sentAt,
            String form,
            @Nullable Instant takenAt,
            @Nullable String refusal) {}

    /** The dates of the device's last imported status output, with their origin. */
    public Optional<DeviceDates> deviceDates(ReportEntry report) {
        return database.read(tx -> tx.createQuery(
                        "SELECT * FROM device_status WHERE site = :site AND pid = :pid" + " AND serial = :serial")
                .bind("site", report.place().site())
                .bind("pid", report.udi().pid())
                .bind("serial", report.udi().serial())
                .map((row, context) -> new DeviceDates(
                        row.getString("last_ack_printed"),
                        row.getString("next_deadline_printed"),
                        row.getString("origin"),
                        Instant.ofEpochMilli(row.getLong("read_at"))))
                .findOne());
    }

    /** Times as the device printed them; null if it printed none. */
    public record DeviceDates(
            @Nullable String lastAck, @Nullable String nextDeadline, String origin, Instant readAt) {}

    /** Gaps and overlaps between the report and its neighbours of the same device and entitlement. */
    public List<String> neighbours(ReportEntry report) {
        Instant starts = report.startsAt();
        Instant ends = report.endsAt();
        if (starts == null || ends == null) {
            return List.of();
        }
        List<String> findings = new ArrayList<>();
        neighbour(report, "starts_at < :start ORDER BY starts_at DESC", starts)
                .map(before -> between(before, before.endsAt(), starts))
                .ifPresent(findings::add);
        neighbour(report, "starts_at > :start ORDER BY starts_at", starts)
                .map(after -> between(after, ends, after.startsAt()))
                .ifPresent(findings::add);
        return findings;
    }

    private Optional<ReportEntry> neighbour(ReportEntry report, String where, Instant starts) {
        return database.read(tx -> tx.createQuery("SELECT * FROM report WHERE site = :site AND pid = :pid"
                        + " AND serial = :serial AND COALESCE(entitlement_tag, '') = :tag AND ends_at IS NOT NULL AND "
                        + where + " LIMIT 1")
                .bind("site", report.place().site())
                .bind("pid", report.udi().pid())
                .bind("serial", report.udi().serial())
                .bind("tag", Objects.requireNonNullElse(report.entitlementTag(), ""))
                .bind("start", starts.toEpochMilli())
                .map((row, context) -> ReportEntry.of(row))
                .findOne());
    }

    private static @Nullable String between(ReportEntry other, @Nullable Instant ended, @Nullable Instant began) {
        if (ended == null || began == null) {
            return null;
        }
        Duration gap = Duration.between(ended, began);
        String of = " report " + other.digest().substring(0, 12) + " of the same device and entitlement";
        if (gap.isNegative()) {
            return "overlaps" + of + " by " + gap.negated();
        }
        return gap.compareTo(GAP) > 0 ? "a gap of " + gap + " between this report and" + of : null;
    }

    /**
     * Passes every device that is expected to report to the consumer, ordered by site and UDI, without holding all of
     * them in memory.
     *
     * @return the number passed to the consumer
     */
    public long eachDevice(Consumer<ExpectedDevice> consumer) {
        return database.read(tx -> {
            try (Stream<ExpectedDevice> devices = tx
                    .createQuery("SELECT * FROM expected_device ORDER BY site, pid, serial")
                    .map((row, context) -> ExpectedDevice.of(row))
                    .stream()) {
                return devices.peek(consumer).mapToLong(device -> 1).sum();
            }
        });
    }

    /** The deadlines of the report's device; empty before the first check. */
    public Optional<ExpectedDevice> expected(ReportEntry report) {
        return database.read(tx -> tx.createQuery(
                        "SELECT * FROM expected_device WHERE site = :site AND pid = :pid AND serial = :serial")
                .bind("site", report.place().site())
                .bind("pid", report.udi().pid())
                .bind("serial", report.udi().serial())
                .map((row, context) -> ExpectedDevice.of(row))
                .findOne());
    }

    /** Bundles that are not transported yet, or whose acknowledgements are missing; oldest first. */
    public List<Carried> carried() {
        return database.read(tx -> tx.createQuery("SELECT bundle_file, MIN(answered_at) AS since, COUNT(*) AS devices,"
                        + " MAX(CASE WHEN ack_missing_since IS NULL THEN 0 ELSE 1 END) AS late FROM submission"
                        + " WHERE bundle_file IS NOT NULL AND answered_at IS NOT NULL AND settled_at IS NULL"
                        + " GROUP BY bundle_file ORDER BY since")
                .map((row, context) -> new Carried(
                        row.getString("bundle_file"),
                        Instant.ofEpochMilli(row.getLong("since")),
                        row.getLong("devices"),
                        row.getLong("late") == 1))
                .list());
    }

    /**
     * A bundle without all its acknowledgements.
     *
     * @param devices number of devices whose acknowledgement is missing
     * @param late whether the time for the acknowledgements has passed
     */
    public record Carried(String file, Instant writtenAt, long devices, boolean late) {}

    /** The number of reports in the state. */
    public long count(ReportState state) {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM report WHERE state = :state")
                .bind("state", state.wireName())
                .mapTo(Long.class)
                .one());
    }

    /** The reports whose digest starts with this text, at most three: enough to detect that the text is ambiguous. */
    public List<ReportEntry> startingWith(String digest) {
        return database.read(tx -> tx.createQuery(
                        "SELECT * FROM report WHERE digest >= :start AND digest < :end ORDER BY digest LIMIT 3")
                .bind("start", digest)
                // Greater than each digit of a digest.
                .bind("end", digest + "g")
                .map((row, context) -> ReportEntry.of(row))
                .list());
    }

    /** The history of the report, oldest first. A state is repeated if its reason changed. */
    public List<Transition> history(String digest) {
        return database.read(
                tx -> tx.createQuery("SELECT * FROM report_transition WHERE digest = :digest ORDER BY number")
                        .bind("digest", digest)
                        .map((row, context) -> new Transition(
                                WireNamed.of(ReportState.class, row.getString("state")),
                                row.getString("reason"),
                                Instant.ofEpochMilli(row.getLong("entered_at"))))
                        .list());
    }

    /**
     * A report entered a state.
     *
     * @param reason the reason; null if there is none
     */
    public record Transition(ReportState state, @Nullable String reason, Instant at) {}
}
