package io.licenserelay.view.sites;

import static io.licenserelay.store.SqlTime.instant;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.evidence.Flow;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.text.Json;
import io.licenserelay.text.WireNamed;
import io.licenserelay.view.calendar.CalendarKind;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.view.query.Page;
import io.licenserelay.view.query.PageRequest;
import io.licenserelay.view.runs.RunEntry;
import io.licenserelay.view.runs.RunState;
import io.licenserelay.view.runs.Runs;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The state of all sites, from the configuration and the store. Thread-safe. */
public final class Overview {
    /** The number of runs in a heartbeat. */
    public static final int HEARTBEAT = 30;

    /** The maximum number of incidents of a site. */
    public static final int PROBLEMS = 20;

    private static final Comparator<OpenProblem> WORST_FIRST = Comparator.comparing(OpenProblem::severity)
            .thenComparing(OpenProblem::openedAt)
            .thenComparing(OpenProblem::id);

    private static final String TOTALS =
            "SELECT account, COUNT(CASE WHEN va IS NOT NULL AND applied_run IS NOT NULL THEN 1 END) AS vas,"
                    + " SUM(total_licenses) AS licenses, SUM(total_quantity) AS quantity, SUM(total_in_use) AS in_use,"
                    + " SUM(total_out) AS out_of_compliance FROM place WHERE site = :site AND gone_run IS NULL GROUP BY account ORDER BY account";
    private static final String WAITING = "SELECT account, COUNT(*) AS n FROM report WHERE site = :site"
            + " AND state IN ('received', 'held', 'submitted', 'requested', 'overdue') GROUP BY account";
    private static final String ACKS =
            "SELECT account, MIN(ack_due_at) AS at FROM expected_device WHERE site = :site AND ack_due_at IS NOT NULL GROUP BY account";
    private static final String ENDS =
            "SELECT p.account, MIN((SELECT MIN(l.ends_at) FROM license l WHERE l.place_id = p.id"
                    + " AND l.ends_at IS NOT NULL AND l.gone_run IS NULL AND l.ends_at >= :now)) AS at FROM place p"
                    + " WHERE p.site = :site AND p.va IS NOT NULL AND p.gone_run IS NULL AND p.applied_run IS NOT NULL GROUP BY p.account";
    private static final String CERTIFICATE =
            "SELECT MIN(ends_at) AS at FROM certificate_end WHERE site = :site AND ends_at >= :now";
    private static final String PROBLEMS_OF =
            "SELECT id, code, severity, flow, account, va, summary, opened_at FROM incident"
                    + " WHERE site = :site AND is_open = 1";
    private static final String SUMMARY =
            "SELECT summary FROM run WHERE site = :site AND summary IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 1";

    private final Database database;
    private final Supplier<? extends Collection<Site>> sites;
    private final Clock clock;

    /** @param sites the configured sites; read at each use */
    public Overview(Database database, Supplier<? extends Collection<Site>> sites, Clock clock) {
        this.database = database;
        this.sites = sites;
        this.clock = clock;
    }

    /** The sites in the order of the configuration, with a page of {@link PageRequest#limit}. */
    public OverviewView overview(PageRequest page) {
        Instant now = clock.instant();
        return database.read(
                tx -> new OverviewView(now, problems(tx, Database.RELAY), page(page, site -> row(tx, site, now))));
    }

    /** The sites alone. */
    public Page<SiteRow> list(PageRequest page) {
        Instant now = clock.instant();
        return database.read(tx -> page(page, site -> row(tx, site, now)));
    }

    /** @throws NoSuchItem if the site is not configured */
    public SiteRow one(String name) {
        Site site = sites.get().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchItem("site"));
        return database.read(tx -> row(tx, site, clock.instant()));
    }

    private Page<SiteRow> page(PageRequest page, Function<Site, SiteRow> row) {
        String last = page.isFirst() ? null : page.text(0, 1);
        List<SiteRow> rows = sites.get().stream()
                .sorted(Comparator.comparing(Site::name))
                .filter(site -> last == null || site.name().compareTo(last) > 0)
                .limit(page.rows())
                .map(row)
                .toList();
        return Page.of(rows, page, each -> List.of(each.site()));
    }

    private static SiteRow row(Handle tx, Site site, Instant now) {
        String name = site.name();
        List<RunEntry> runs = Runs.newest(tx, name, HEARTBEAT);
        List<RunEntry> good = Runs.last(tx, name, RunState.COMPLETE);
        List<OpenProblem> problems = problems(tx, name);
        Map<String, Long> waiting = waiting(tx, name);
        Map<String, NearestDeadline> deadlines = deadlines(tx, name, now);
        List<AccountRow> accounts = accounts(tx, name, problems, waiting, deadlines);
        NearestDeadline nearest = NearestDeadline.earlier(ofSite(tx, site, now), deadlines.get(""));
        for (AccountRow account : accounts) {
            nearest = NearestDeadline.earlier(nearest, account.nearestDeadline());
        }
        List<Heartbeat> heartbeat = new ArrayList<>();
        runs.forEach(run -> heartbeat.add(0, Heartbeat.of(run)));
        return new SiteRow(
                name,
                site.ssm().url().toString(),
                site.labels(),
                runs.isEmpty() ? null : runs.get(0),
                good.isEmpty() ? null : good.get(0).finishedAt(),
                Schedules.next(site, now),
                heartbeat,
                accounts.stream().map(AccountRow::licenses).reduce(LicenseTotals.NONE, LicenseTotals::plus),
                waiting.values().stream().mapToLong(Long::longValue).sum(),
                nearest,
                problems.stream().limit(PROBLEMS).toList(),
                problems.size(),
                accounts);
    }

    private static List<AccountRow> accounts(
            Handle tx,
            String site,
            List<OpenProblem> problems,
            Map<String, Long> waiting,
            Map<String, NearestDeadline> deadlines) {
        Map<String, String> outcomes = outcomes(tx, site);
        return tx.createQuery(TOTALS)
                .bind("site", site)
                .map((row, context) -> {
                    String account = row.getString("account");
                    List<OpenProblem> own = problems.stream()
                            .filter(each -> account.equals(each.account()))
                            .toList();
                    return new AccountRow(
                            account,
                            outcomes.get(account),
                            new LicenseTotals(
                                    row.getLong("vas"),
                                    row.getLong("licenses"),
                                    row.getLong("quantity"),
                                    row.getLong("in_use"),
                                    row.getLong("out_of_compliance")),
                            waiting.getOrDefault(account, 0L),
                            deadlines.get(account),
                            own.size(),
                            own.isEmpty() ? null : own.get(0).severity());
                })
                .list();
    }

    private static Map<String, String> outcomes(Handle tx, String site) {
        Map<String, String> outcomes = new HashMap<>();
        tx.createQuery(SUMMARY).bind("site", site).mapTo(String.class).findOne().ifPresent(summary -> {
            for (JsonNode each : Json.stored(summary, "the summary of a run")) {
                outcomes.put(each.path("account").asText(), each.path("outcome").asText());
            }
        });
        return outcomes;
    }

    /** By account; reports without an account have an empty name. */
    private static Map<String, Long> waiting(Handle tx, String site) {
        Map<String, Long> waiting = new TreeMap<>();
        tx.createQuery(WAITING)
                .bind("site", site)
                .map((row, context) ->
                        Map.entry(Objects.requireNonNullElse(row.getString("account"), ""), row.getLong("n")))
                .forEach(each -> waiting.put(each.getKey(), each.getValue()));
        return waiting;
    }

    /** By account; devices without an account have an empty name. */
    private static Map<String, NearestDeadline> deadlines(Handle tx, String site, Instant now) {
        Map<String, NearestDeadline> nearest = new HashMap<>();
        add(nearest, tx.createQuery(ACKS).bind("site", site), CalendarKind.REPORT_DEADLINE);
        add(nearest, tx.createQuery(ENDS).bind("site", site).bind("now", now.toEpochMilli()), CalendarKind.LICENSE_END);
        return nearest;
    }

    private static void add(Map<String, NearestDeadline> nearest, Query query, CalendarKind kind) {
        query.map((row, context) -> {
                    Instant at = instant(row, "at");
                    String account = Objects.requireNonNullElse(row.getString("account"), "");
                    return Map.entry(account, at == null ? Instant.MAX : at);
                })
                .forEach(each -> {
                    if (!each.getValue().equals(Instant.MAX)) {
                        nearest.merge(
                                each.getKey(),
                                new NearestDeadline(each.getValue(), kind),
                                (one, other) -> other.at().isBefore(one.at()) ? other : one);
                    }
                });
    }

    private static @Nullable NearestDeadline ofSite(Handle tx, Site site, Instant now) {
        NearestDeadline certificate = tx.createQuery(CERTIFICATE)
                .bind("site", site.name())
                .bind("now", now.toEpochMilli())
                .mapTo(Long.class)
                .findOne()
                .map(at -> new NearestDeadline(Instant.ofEpochMilli(at), CalendarKind.CERTIFICATE))
                .orElse(null);
        LocalDate expires = site.ssm().client().expires();
        NearestDeadline client = expires == null
                ? null
                : new NearestDeadline(expires.atStartOfDay(ZoneOffset.UTC).toInstant(), CalendarKind.API_CLIENT);
        return NearestDeadline.earlier(certificate, client);
    }

    private static List<OpenProblem> problems(Handle tx, String site) {
        return tx
                .createQuery(PROBLEMS_OF)
                .bind("site", site)
                .map((row, context) -> new OpenProblem(
                        row.getString("id"),
                        row.getString("code"),
                        WireNamed.of(Severity.class, row.getString("severity")),
                        WireNamed.of(Flow.class, row.getString("flow")),
                        row.getString("account"),
                        row.getString("va"),
                        row.getString("summary"),
                        Instant.ofEpochMilli(row.getLong("opened_at"))))
                .stream()
                .sorted(WORST_FIRST)
                .toList();
    }
}
