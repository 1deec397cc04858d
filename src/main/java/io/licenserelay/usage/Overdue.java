package io.licenserelay.usage;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tells of reports that the server has and gives no acknowledgement for: once when that comes out, and by every run as long
 * as it lasts. It reads what the polls wrote down, so that nothing is missed by a crash in between.
 */
public final class Overdue {
    private static final int MOST_READ = 10_000;
    private static final int MOST_NAMED = 5;

    private final Database database;
    private final Alarms alarms;
    private final Clock clock;

    public Overdue(Database database, Alarms alarms, Clock clock) {
        this.database = database;
        this.alarms = alarms;
        this.clock = clock;
    }

    private record Waiting(Report report, boolean told) {}

    /**
     * Looks at the site's reports.
     *
     * @param run the run that is under way, if one is: it tells again what was told
     */
    public void look(@ExchangeProperty("site") Site site, @ExchangeProperty("run") @Nullable Object run) {
        Map<Place, List<Waiting>> places = database.read(tx -> waiting(tx, site.place())).stream()
                .collect(Collectors.groupingBy(each -> each.report().place(), LinkedHashMap::new, Collectors.toList()));
        places.forEach((place, waiting) -> {
            if (run != null || waiting.stream().anyMatch(each -> !each.told())) {
                database.write(tx -> tell(tx, place));
            }
        });
    }

    private int tell(Handle tx, Place place) {
        List<Report> reports = waiting(tx, Place.site(place.site())).stream()
                .map(Waiting::report)
                .filter(report -> report.place().equals(place))
                .toList();
        if (reports.isEmpty()) {
            return 0;
        }
        alarms.raise(tx, failure(tx, place, reports));
        return tx.execute(
                "UPDATE submission SET ack_missing_told = 1 WHERE site = ? AND account = ? AND va = ?"
                        + " AND ack_missing_since IS NOT NULL",
                place.site(),
                place.account(),
                place.va());
    }

    private Failure failure(Handle tx, Place place, List<Report> reports) {
        String names = reports.stream()
                .limit(MOST_NAMED)
                .map(report -> report.udi() + " " + report.digest().substring(0, 8) + " (" + report.reason() + ")")
                .collect(Collectors.joining("; "));
        String message = reports.size() + " delivered report(s) have no acknowledgement: " + names
                + (reports.size() > MOST_NAMED ? "; …" : "");
        List<Finding> findings = new ArrayList<>(List.of(new Finding(Findings.REPORT_ACK_MISSING, message)));
        if (Health.anyStandsRejected(tx, place)) {
            findings.add(new Finding(Findings.REPORT_REJECTED, "a report of " + place + " stands rejected besides"));
        }
        return Failure.of(place, Flow.PUSH, Step.POLL, List.copyOf(findings), null, clock.instant());
    }

    private static List<Waiting> waiting(Handle tx, Place site) {
        return tx.createQuery("SELECT r.*, s.ack_missing_told AS told FROM report r"
                        + " JOIN submission s ON s.id = r.submission_id WHERE r.site = :site AND r.state IN " + State.AWAITING_ACK
                        + " AND s.ack_missing_since IS NOT NULL ORDER BY r.received_at, r.digest LIMIT :most")
                .bind("site", site.site())
                .bind("most", MOST_READ)
                .map((row, context) -> new Waiting(Report.of(row), row.getLong("told") == 1))
                .list();
    }
}
