package io.licenserelay.view.reports;

import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.reports.ledger.LedgerView.Transition;
import io.licenserelay.store.Database;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.view.query.Page;
import io.licenserelay.view.query.PageRequest;
import io.licenserelay.view.query.Select;
import io.licenserelay.view.reports.ReportDetail.Proof;
import io.licenserelay.view.reports.ReportDetail.StateTime;
import io.licenserelay.view.reports.ReportDetail.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reports of the ledger. Thread-safe. */
public final class ReportList {
    private static final int DIGEST = 64;
    private static final String NEWEST_FIRST = "received_at DESC, digest DESC";
    private static final String ALL =
            "SELECT digest, site, account, va, pid, serial, report_id, entitlement_tag, starts_at, ends_at,"
                    + " clock_jump, origin, state, state_reason, hold_reason, submission_id, maybe_sent, send_alone, ack_digest, ack_proof,"
                    + " ack_file, resend_count, received_at, changed_at FROM report WHERE 1 = 1";
    private static final String MATCHES = "(digest LIKE :start ESCAPE '!' OR LOWER(serial) LIKE :text ESCAPE '!'"
            + " OR LOWER(pid) LIKE :text ESCAPE '!' OR LOWER(report_id) LIKE :text ESCAPE '!' OR LOWER(origin) LIKE :text ESCAPE '!')";

    private final Database database;
    private final LedgerView ledger;
    private final Clock clock;

    public ReportList(Database database, Clock clock) {
        this.database = database;
        this.ledger = new LedgerView(database);
        this.clock = clock;
    }

    /** The reports that match, newest first. */
    public Page<ReportEntry> list(ReportFilter filter, PageRequest page) {
        Select select = new Select(ALL)
                .where("site = :site", "site", filter.site())
                .where("account = :account", "account", filter.account());
        ReportState state = filter.state();
        if (state != null) {
            select.where("state = :state", "state", state.wireName());
        }
        String text = filter.text();
        if (text != null) {
            String escaped = text.replaceAll("([!%_])", "!$1");
            select.where(MATCHES, "text", "%" + escaped + "%").bind("start", escaped + "%");
        }
        if (!page.isFirst()) {
            select.where("(received_at, digest) < (:at, :digest)", "at", page.number(0, 2))
                    .bind("digest", page.text(1, 2));
        }
        List<ReportEntry> read = database.read(tx -> select.rows(tx, NEWEST_FIRST, page.rows())
                .map((row, context) -> ReportEntry.of(row))
                .list());
        return Page.of(
                read, page, each -> List.of(Long.toString(each.receivedAt().toEpochMilli()), each.digest()));
    }

    /**
     * @param digest the whole digest
     * @throws NoSuchItem if the ledger has no such report
     */
    public ReportDetail one(String digest) {
        if (digest.length() != DIGEST) {
            throw new NoSuchItem("report");
        }
        return ledger.startingWith(digest).stream()
                .findFirst()
                .map(this::detail)
                .orElseThrow(() -> new NoSuchItem("report"));
    }

    /** The report with its time line. */
    public ReportDetail detail(ReportEntry report) {
        List<StateTime> states = states(ledger.history(report.digest()));
        Optional<Waiting> waiting = database.read(tx -> WaitingReason.of(tx, report));
        return new ReportDetail(
                report,
                states,
                waiting,
                proof(report, states),
                ledger.neighbours(report),
                ledger.givenBack(report),
                ledger.deviceDates(report),
                ledger.expected(report),
                !ledger.payload(report.digest()).isEmpty());
    }

    private List<StateTime> states(List<Transition> history) {
        List<StateTime> states = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            Transition each = history.get(i);
            boolean last = i == history.size() - 1;
            Instant until = last ? null : history.get(i + 1).at();
            boolean isFinal = each.state() == ReportState.ACKNOWLEDGED || each.state() == ReportState.REJECTED;
            Instant end = until == null ? clock.instant() : until;
            states.add(new StateTime(
                    each.state(),
                    each.at(),
                    until,
                    last && isFinal ? null : Duration.between(each.at(), end),
                    each.reason()));
        }
        return states;
    }

    private static Optional<Proof> proof(ReportEntry report, List<StateTime> states) {
        String kind = report.ackProof();
        return kind == null
                ? Optional.empty()
                : states.stream()
                        .filter(each -> each.state() == ReportState.ACKNOWLEDGED)
                        .findFirst()
                        .map(each -> new Proof(kind, report.ackDigest(), report.ackFile(), each.at()));
    }
}
