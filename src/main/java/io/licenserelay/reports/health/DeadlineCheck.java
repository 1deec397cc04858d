package io.licenserelay.reports.health;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.SiteTask;
import io.licenserelay.evidence.Step;
import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportImpact;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Udi;
import io.licenserelay.reports.ledger.DeviceDeadlines;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.store.Database;
import io.licenserelay.text.Plural;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reports missing acknowledgements: delivered reports without an acknowledgement, devices whose deadline is near or
 * past, and silent devices. Each problem is reported once when it is detected, and again by every run while it lasts.
 * All input is in the database, so that a crash loses no problem.
 */
public final class DeadlineCheck {
    private static final int MAX_REPORTS = 10_000;
    private static final int MAX_NAMED = 5;
    private static final String ACK_MISSING = "ack-missing";
    private static final String LACKS_ACK =
            " JOIN submission s ON s.id = r.submission_id WHERE r.site = :site AND r.state IN "
                    + ReportState.AWAITING_ACK + " AND s.ack_missing_since IS NOT NULL";

    private final Database database;
    private final Ledger ledger;
    private final ReportIncidents incidents;
    private final PushHealth health;
    private final Clock clock;
    private final Clock deadlines;
    private final DeviceDeadlines devices;

    /** @param deadlines the clock for deadlines; it lags behind the wall clock after the wall clock was set forward */
    public DeadlineCheck(
            Database database,
            Ledger ledger,
            ReportIncidents incidents,
            PushHealth health,
            Clock clock,
            Clock deadlines) {
        this.deadlines = deadlines;
        this.database = database;
        this.ledger = ledger;
        this.incidents = incidents;
        this.health = health;
        this.clock = clock;
        this.devices = new DeviceDeadlines(database, clock, deadlines);
    }

    private record Waiting(ReportEntry report, boolean reported) {}

    /** The problems of one place. */
    private record Problems(List<Waiting> reports, List<ExpectedDevice> devices) {
        boolean isEmpty(Instant now) {
            return reports.isEmpty()
                    && devices.stream().allMatch(each -> each.worries(now).isEmpty());
        }

        /** The affected devices, ordered by the deadline of their acknowledgement. */
        ConcernedItems concerned(Instant now) {
            Map<Udi, ConcernedItems.Device> byUdi = new LinkedHashMap<>();
            devices.stream()
                    .filter(each -> !each.worries(now).isEmpty())
                    .sorted(Comparator.comparing(
                            ExpectedDevice::ackDueAt, Comparator.nullsLast(Comparator.naturalOrder())))
                    .forEach(each -> byUdi.put(each.udi(), each.concerned(now)));
            for (Waiting waiting : reports) {
                byUdi.merge(waiting.report.udi(), lackingAck(waiting.report), Problems::merge);
            }
            return ConcernedItems.devices(
                    byUdi.values().stream().limit(ConcernedItems.MOST).toList(), byUdi.size());
        }

        private static ConcernedItems.Device lackingAck(ReportEntry report) {
            Udi udi = report.udi();
            return new ConcernedItems.Device(
                    udi.pid(), udi.serial(), report.place().va(), List.of(ACK_MISSING), null, null, null);
        }

        private static ConcernedItems.Device merge(ConcernedItems.Device expected, ConcernedItems.Device lacking) {
            List<String> states = Stream.concat(expected.state().stream(), lacking.state().stream())
                    .distinct()
                    .toList();
            return new ConcernedItems.Device(
                    expected.pid(),
                    expected.serial(),
                    expected.virtualAccount(),
                    states,
                    expected.ackDueAt(),
                    expected.lastContactAt(),
                    expected.expectedBy());
        }

        boolean isChanged(Instant now) {
            return reports.stream().anyMatch(each -> !each.reported())
                    || devices.stream().anyMatch(each -> !each.lastReported().equals(problemText(each, now)));
        }
    }

    /**
     * Checks the site's reports and devices.
     *
     * @param task a run repeats problems that were reported before
     */
    public void check(SiteTask task) throws IOException {
        Site site = task.site();
        if (task.isRun()) {
            devices.importDeviceList(site);
        }
        Set<Place> places = new LinkedHashSet<>(devices.computeDeadlines(site));
        places.addAll(database.read(tx -> lackingAck(tx, site)));
        places.addAll(database.read(tx -> devices.placesWithProblems(tx, site)));
        for (Place place : places) {
            List<Finding> besides = place.va() == null ? health.standing(site) : List.of();
            database.write(site.name(), tx -> publish(tx, place, task.isRun(), besides));
        }
    }

    /** @param besides other problems of the same place: one incident update contains all problems of a place */
    private int publish(Handle tx, Place place, boolean repeat, List<Finding> besides) {
        Instant now = deadlines.instant();
        Problems problems = new Problems(waiting(tx, place), devices.withProblems(tx, place));
        if (!repeat && !problems.isChanged(now) && !problems.isEmpty(now)) {
            return 0;
        }
        problems.devices.forEach(each -> DeviceDeadlines.recordReported(tx, each, problemText(each, now)));
        if (problems.isEmpty(now)) {
            if (place.va() != null) {
                PushHealth.answered(tx, incidents, place);
            }
            return 0;
        }
        problems.devices.stream().filter(each -> each.isOverdue(now)).forEach(each -> reportsOverdue(tx, each));
        List<Finding> findings = new ArrayList<>(findings(tx, place, problems, now));
        findings.addAll(besides);
        Failure failure = Failure.of(place, Flow.PUSH, Step.POLL, List.copyOf(findings), null, clock.instant());
        incidents.raise(tx, failure, impact(problems, now), problems.concerned(now));
        return tx.execute(
                "UPDATE submission SET ack_missing_reported = 1 WHERE site = ? AND account = ? AND va = ?"
                        + " AND ack_missing_since IS NOT NULL",
                place.site(),
                place.account(),
                place.va());
    }

    private static List<Finding> findings(Handle tx, Place place, Problems problems, Instant now) {
        List<Finding> findings = new ArrayList<>();
        namedDevices(problems, each -> each.isOverdue(now), DeadlineCheck::dueLine)
                .ifPresent(named -> findings.add(new Finding(
                        Findings.REPORT_ACK_OVERDUE, "no acknowledgement arrived by its deadline: " + named)));
        namedDevices(problems, each -> each.isDueSoon(now), DeadlineCheck::dueLine)
                .ifPresent(named -> findings.add(
                        new Finding(Findings.REPORT_ACK_DUE_SOON, "an acknowledgement is due soon: " + named)));
        if (!problems.reports.isEmpty()) {
            findings.add(new Finding(Findings.REPORT_ACK_MISSING, missing(problems.reports)));
        }
        namedDevices(problems, each -> each.isSilent(now), DeadlineCheck::silentLine)
                .ifPresent(named -> findings.add(
                        new Finding(Findings.DEVICE_NOT_REPORTING, "no contact with device(s): " + named)));
        if (place.va() != null && PushHealth.anyRejected(tx, place)) {
            findings.add(new Finding(Findings.REPORT_REJECTED, "a report of " + place + " is also rejected"));
        }
        return findings;
    }

    private static String missing(List<Waiting> reports) {
        String names = reports.stream()
                .map(Waiting::report)
                .limit(MAX_NAMED)
                .map(report -> report.udi() + " " + report.digest().substring(0, 8) + " (" + report.reason() + ")")
                .collect(Collectors.joining("; "));
        return Plural.of(reports.size(), "delivered report has", "delivered reports have") + " no acknowledgement: "
                + names + (reports.size() > MAX_NAMED ? "; …" : "");
    }

    private static Optional<String> namedDevices(
            Problems problems, Predicate<ExpectedDevice> which, Function<ExpectedDevice, String> line) {
        List<ExpectedDevice> matching = problems.devices.stream().filter(which).toList();
        if (matching.isEmpty()) {
            return Optional.empty();
        }
        String named = matching.stream().limit(MAX_NAMED).map(line).collect(Collectors.joining("; "));
        int more = matching.size() - MAX_NAMED;
        return Optional.of(more > 0 ? named + "; and " + more + " more" : named);
    }

    private static String dueLine(ExpectedDevice device) {
        return device.udi() + " by " + device.ackDueAt() + ", " + device.ackDueBy();
    }

    private static String silentLine(ExpectedDevice device) {
        String since = device.lastContactAt() == null
                ? "never, known since " + device.knownSince()
                : "since " + device.lastContactAt() + " (" + device.lastContactBy() + ")";
        return device.udi() + " " + since + ", a contact was due by " + device.silentAt();
    }

    /** The earliest deadline among the reported devices. */
    private static @Nullable ReportImpact impact(Problems problems, Instant now) {
        List<ExpectedDevice> due = problems.devices.stream()
                .filter(each -> each.isOverdue(now) || each.isDueSoon(now))
                .toList();
        return due.stream()
                .map(ExpectedDevice::ackDueAt)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .map(at -> new ReportImpact(
                        "the usage of " + Plural.of(due.size(), "device") + " is not acknowledged by its deadline", at))
                .orElse(null);
    }

    private void reportsOverdue(Handle tx, ExpectedDevice device) {
        String reason = "an acknowledgement was due by " + device.ackDueAt() + ", " + device.ackDueBy();
        List<String> digests = tx.createQuery(
                        "SELECT digest FROM report WHERE site = :site AND pid = :pid AND serial = :serial"
                                + " AND state IN ('submitted', 'requested') LIMIT " + MAX_REPORTS)
                .bind("site", device.place().site())
                .bind("pid", device.udi().pid())
                .bind("serial", device.udi().serial())
                .mapTo(String.class)
                .list();
        ledger.overdue(tx, digests, reason);
    }

    private static String problemText(ExpectedDevice device, Instant now) {
        return String.join(" ", device.worries(now));
    }

    private static List<Waiting> waiting(Handle tx, Place place) {
        return tx.createQuery("SELECT r.*, s.ack_missing_reported FROM report r" + LACKS_ACK
                        + " AND COALESCE(r.account, '') = :account AND COALESCE(r.va, '') = :va"
                        + " ORDER BY r.received_at, r.digest LIMIT :most")
                .bind("site", place.site())
                .bind("account", Objects.requireNonNullElse(place.account(), ""))
                .bind("va", Objects.requireNonNullElse(place.va(), ""))
                .bind("most", MAX_REPORTS)
                .map((row, context) -> new Waiting(ReportEntry.of(row), row.getLong("ack_missing_reported") == 1))
                .list();
    }

    private static List<Place> lackingAck(Handle tx, Site site) {
        return tx.createQuery("SELECT DISTINCT r.account, r.va FROM report r" + LACKS_ACK)
                .bind("site", site.name())
                .map((row, context) -> new Place(site.name(), row.getString("account"), row.getString("va")))
                .list();
    }
}
