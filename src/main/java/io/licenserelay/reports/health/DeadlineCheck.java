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
 * Tells of acknowledgements that do not come: of reports that the server has and gives none for, and of devices whose deadline is
 * near or over, or of which nothing is heard. Each once when that comes out, and by every run as long as it lasts. It reads
 * what was written down, so that nothing is missed by a crash in between.
 */
public final class DeadlineCheck {
    private static final int MOST_READ = 10_000;
    private static final int MOST_NAMED = 5;
    private static final String ACK_MISSING = "ack-missing";
    private static final String LACKS_ACK =
            " JOIN submission s ON s.id = r.submission_id WHERE r.site = :site AND r.state IN "
                    + ReportState.AWAITING_ACK + " AND s.ack_missing_since IS NOT NULL";

    private final Database database;
    private final Ledger ledger;
    private final ReportIncidents alarms;
    private final PushHealth health;
    private final Clock clock;
    private final Clock deadlines;
    private final DeviceDeadlines devices;

    /** @param deadlines by which something is late; behind the clock after that was set forward */
    public DeadlineCheck(
            Database database, Ledger ledger, ReportIncidents alarms, PushHealth health, Clock clock, Clock deadlines) {
        this.deadlines = deadlines;
        this.database = database;
        this.ledger = ledger;
        this.alarms = alarms;
        this.health = health;
        this.clock = clock;
        this.devices = new DeviceDeadlines(database, clock, deadlines);
    }

    private record Waiting(ReportEntry report, boolean reported) {}

    /** What is not well at one place. */
    private record Standing(List<Waiting> reports, List<ExpectedDevice> devices) {
        boolean isWell(Instant now) {
            return reports.isEmpty()
                    && devices.stream().allMatch(each -> each.worries(now).isEmpty());
        }

        /** The devices that are told of, those whose acknowledgement is due first first. */
        ConcernedItems concerned(Instant now) {
            Map<Udi, ConcernedItems.Device> byUdi = new LinkedHashMap<>();
            devices.stream()
                    .filter(each -> !each.worries(now).isEmpty())
                    .sorted(Comparator.comparing(
                            ExpectedDevice::ackDueAt, Comparator.nullsLast(Comparator.naturalOrder())))
                    .forEach(each -> byUdi.put(each.udi(), each.concerned(now)));
            for (Waiting waiting : reports) {
                byUdi.merge(waiting.report.udi(), lackingAck(waiting.report), Standing::both);
            }
            return ConcernedItems.devices(
                    byUdi.values().stream().limit(ConcernedItems.MOST).toList(), byUdi.size());
        }

        private static ConcernedItems.Device lackingAck(ReportEntry report) {
            Udi udi = report.udi();
            return new ConcernedItems.Device(
                    udi.pid(), udi.serial(), report.place().va(), List.of(ACK_MISSING), null, null, null);
        }

        private static ConcernedItems.Device both(ConcernedItems.Device expected, ConcernedItems.Device lacking) {
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

        boolean isNews(Instant now) {
            return reports.stream().anyMatch(each -> !each.reported())
                    || devices.stream().anyMatch(each -> !each.lastReported().equals(word(each, now)));
        }
    }

    /**
     * Looks at the site's reports and devices.
     *
     * @param task a run reports again what was reported before
     */
    public void check(SiteTask task) throws IOException {
        Site site = task.site();
        if (task.isRun()) {
            devices.takeList(site);
        }
        Set<Place> places = new LinkedHashSet<>(devices.account(site));
        places.addAll(database.read(tx -> lackingAck(tx, site)));
        places.addAll(database.read(tx -> devices.worryingPlaces(tx, site)));
        for (Place place : places) {
            List<Finding> besides = place.va() == null ? health.standing(site) : List.of();
            database.write(tx -> publish(tx, place, task.isRun(), besides));
        }
    }

    /** @param besides what is not well there for another reason: all that is told of a place is told at once */
    private int publish(Handle tx, Place place, boolean again, List<Finding> besides) {
        Instant now = deadlines.instant();
        Standing standing = new Standing(waiting(tx, place), devices.worrying(tx, place));
        if (!again && !standing.isNews(now) && !standing.isWell(now)) {
            return 0;
        }
        standing.devices.forEach(each -> DeviceDeadlines.recordReported(tx, each, word(each, now)));
        if (standing.isWell(now)) {
            if (place.va() != null) {
                PushHealth.answered(tx, alarms, place);
            }
            return 0;
        }
        standing.devices.stream().filter(each -> each.isOverdue(now)).forEach(each -> reportsOverdue(tx, each));
        List<Finding> findings = new ArrayList<>(findings(tx, place, standing, now));
        findings.addAll(besides);
        Failure failure = Failure.of(place, Flow.PUSH, Step.POLL, List.copyOf(findings), null, clock.instant());
        alarms.raise(tx, failure, endangered(standing, now), standing.concerned(now));
        return tx.execute(
                "UPDATE submission SET ack_missing_reported = 1 WHERE site = ? AND account = ? AND va = ?"
                        + " AND ack_missing_since IS NOT NULL",
                place.site(),
                place.account(),
                place.va());
    }

    private static List<Finding> findings(Handle tx, Place place, Standing standing, Instant now) {
        List<Finding> findings = new ArrayList<>();
        about(standing, each -> each.isOverdue(now), DeadlineCheck::dueLine)
                .ifPresent(named -> findings.add(
                        new Finding(Findings.REPORT_ACK_OVERDUE, "no acknowledgement came by its deadline: " + named)));
        about(standing, each -> each.isDueSoon(now), DeadlineCheck::dueLine)
                .ifPresent(named -> findings.add(
                        new Finding(Findings.REPORT_ACK_DUE_SOON, "an acknowledgement is due soon: " + named)));
        if (!standing.reports.isEmpty()) {
            findings.add(new Finding(Findings.REPORT_ACK_MISSING, missing(standing.reports)));
        }
        about(standing, each -> each.isSilent(now), DeadlineCheck::silentLine)
                .ifPresent(named -> findings.add(
                        new Finding(Findings.DEVICE_NOT_REPORTING, "nothing is heard of device(s): " + named)));
        if (place.va() != null && PushHealth.anyStandsRejected(tx, place)) {
            findings.add(new Finding(Findings.REPORT_REJECTED, "a report of " + place + " stands rejected besides"));
        }
        return findings;
    }

    private static String missing(List<Waiting> reports) {
        String names = reports.stream()
                .map(Waiting::report)
                .limit(MOST_NAMED)
                .map(report -> report.udi() + " " + report.digest().substring(0, 8) + " (" + report.reason() + ")")
                .collect(Collectors.joining("; "));
        return reports.size() + " delivered report(s) have no acknowledgement: " + names
                + (reports.size() > MOST_NAMED ? "; …" : "");
    }

    private static Optional<String> about(
            Standing standing, Predicate<ExpectedDevice> which, Function<ExpectedDevice, String> line) {
        List<ExpectedDevice> those = standing.devices.stream().filter(which).toList();
        if (those.isEmpty()) {
            return Optional.empty();
        }
        String named = those.stream().limit(MOST_NAMED).map(line).collect(Collectors.joining("; "));
        int more = those.size() - MOST_NAMED;
        return Optional.of(more > 0 ? named + "; and " + more + " more" : named);
    }

    private static String dueLine(ExpectedDevice device) {
        return device.udi() + " by " + device.ackDueAt() + ", " + device.ackDueBy();
    }

    private static String silentLine(ExpectedDevice device) {
        String since = device.lastContactAt() == null
                ? "never, and it is known since " + device.knownSince()
                : "since " + device.lastContactAt() + " (" + device.lastContactBy() + ")";
        return device.udi() + " " + since + ", something was due by " + device.silentAt();
    }

    /** The nearest deadline of an acknowledgement that is told. */
    private static @Nullable ReportImpact endangered(Standing standing, Instant now) {
        List<ExpectedDevice> due = standing.devices.stream()
                .filter(each -> each.isOverdue(now) || each.isDueSoon(now))
                .toList();
        return due.stream()
                .map(ExpectedDevice::ackDueAt)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .map(at -> new ReportImpact(
                        "the usage of " + due.size() + " device(s) is not acknowledged by its deadline", at))
                .orElse(null);
    }

    private void reportsOverdue(Handle tx, ExpectedDevice device) {
        String why = "an acknowledgement was due by " + device.ackDueAt() + ", " + device.ackDueBy();
        List<String> late = tx.createQuery(
                        "SELECT digest FROM report WHERE site = :site AND pid = :pid AND serial = :serial"
                                + " AND state IN ('submitted', 'requested') LIMIT " + MOST_READ)
                .bind("site", device.place().site())
                .bind("pid", device.udi().pid())
                .bind("serial", device.udi().serial())
                .mapTo(String.class)
                .list();
        ledger.overdue(tx, late, why);
    }

    private static String word(ExpectedDevice device, Instant now) {
        return String.join(" ", device.worries(now));
    }

    private static List<Waiting> waiting(Handle tx, Place place) {
        return tx.createQuery("SELECT r.*, s.ack_missing_reported FROM report r" + LACKS_ACK
                        + " AND COALESCE(r.account, '') = :account AND COALESCE(r.va, '') = :va"
                        + " ORDER BY r.received_at, r.digest LIMIT :most")
                .bind("site", place.site())
                .bind("account", Objects.requireNonNullElse(place.account(), ""))
                .bind("va", Objects.requireNonNullElse(place.va(), ""))
                .bind("most", MOST_READ)
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
