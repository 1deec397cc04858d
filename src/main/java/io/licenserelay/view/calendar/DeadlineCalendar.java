package io.licenserelay.view.calendar;

import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.model.SsmAlert;
import io.licenserelay.store.Database;
import io.licenserelay.sync.watch.SsmAlertWords;
import io.licenserelay.text.Plural;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads what ends or is due: certificates, API clients, SSM's own token, licenses, acknowledgements of reports. Items of one virtual account
 * with the same date are one entry. Thread-safe.
 */
public final class DeadlineCalendar {
    /** The maximum number of entries; the earliest ones are listed. */
    public static final int MOST = 2_000;

    /** The day of a group of overdue items. */
    private static final long OVERDUE = -1;

    private static final Duration DAY = Duration.ofDays(1);
    private static final Comparator<CalendarEntry> BY_TIME =
            Comparator.comparing(CalendarEntry::at).thenComparing(CalendarEntry::uid);
    private static final Pattern DAYS = Pattern.compile("\\bin (\\d{1,4}) days?\\b");

    private static final String CERTIFICATES =
            "SELECT target, ends_at, observed_at FROM certificate_end WHERE site = :site";
    private static final String LICENSES =
            "SELECT p.id, p.account, p.va, MIN(l.ends_at) AS at, COUNT(*) AS n FROM place p"
                    + " JOIN license l ON l.place_id = p.id WHERE p.site = :site AND p.va IS NOT NULL AND p.gone_run IS NULL"
                    + " AND p.applied_run IS NOT NULL AND l.ends_at IS NOT NULL AND l.gone_run IS NULL AND l.ends_at >= :from"
                    + " AND l.ends_at < :until GROUP BY p.id, p.account, p.va, l.ends_at / 86400000 ORDER BY 4 LIMIT :most";
    private static final String FIRST_LICENSE = "SELECT name FROM license WHERE place_id = :place AND ends_at = :at"
            + " AND ends_at IS NOT NULL AND gone_run IS NULL LIMIT 1";
    private static final String SUBSCRIPTIONS = "SELECT p.account, p.va, MIN(s.ends_at) AS at, COUNT(*) AS n,"
            + " MIN(s.subscription_id) AS name FROM place p JOIN subscription s ON s.place_id = p.id WHERE p.site = :site"
            + " AND p.va IS NOT NULL AND p.gone_run IS NULL AND s.ends_at >= :from AND s.ends_at < :until"
            + " GROUP BY p.id, p.account, p.va, s.ends_at / 86400000 ORDER BY 3 LIMIT :most";
    private static final String REPORTS = "SELECT account, va, CASE WHEN ack_due_at < :now THEN -1"
            + " ELSE ack_due_at / 86400000 END AS due_day, MIN(ack_due_at) AS at, COUNT(*) AS n,"
            + " MIN(pid || ' ' || serial) AS name FROM expected_device WHERE site = :site AND ack_due_at IS NOT NULL"
            + " AND ack_due_at < :until GROUP BY account, va, 3 ORDER BY 4 LIMIT :most";
    private static final String ALERTS =
            "SELECT p.account, a.message_type, a.severity, a.source, a.message, r.finished_at"
                    + " FROM ssm_alert a JOIN place p ON p.id = a.place_id JOIN run r ON r.id = (SELECT MAX(l.id) FROM run l"
                    + " WHERE l.site = p.site AND l.outcome IN ('complete', 'partial')) WHERE p.site = :site AND p.gone_run IS NULL"
                    + " ORDER BY a.place_id, a.ordinal LIMIT 1000";

    private final Database database;
    private final Supplier<? extends Collection<Site>> sites;
    private final Clock clock;

    /** @param sites the configured sites; read at each use */
    public DeadlineCalendar(Database database, Supplier<? extends Collection<Site>> sites, Clock clock) {
        this.database = database;
        this.sites = sites;
        this.clock = clock;
    }

    /** The deadlines that match, earliest first, at most {@link #MOST}. */
    public List<CalendarEntry> list(CalendarFilter filter) {
        Instant now = clock.instant();
        Instant until = now.plus(Duration.ofDays(filter.days()));
        List<CalendarEntry> entries = new ArrayList<>();
        database.read(tx -> {
            for (Site site : sites.get()) {
                if (filter.site() == null || filter.site().equals(site.name())) {
                    entries.addAll(of(tx, site, now, until));
                }
            }
            return entries.size();
        });
        return entries.stream()
                .filter(each -> filter.kind() == null || filter.kind() == each.kind())
                .sorted(BY_TIME)
                .limit(MOST)
                .toList();
    }

    /** The deadlines of a site until a time, earliest first. */
    public static List<CalendarEntry> of(Handle tx, Site site, Instant now, Instant until) {
        List<CalendarEntry> entries = new ArrayList<>();
        apiClient(site, now, until, entries);
        certificates(tx, site.name(), now, until, entries);
        ssmTokens(tx, site.name(), now, until, entries);
        ends(tx, site.name(), now, until, entries);
        reports(tx, site.name(), now, until, entries);
        entries.sort(BY_TIME);
        return entries;
    }

    private static void apiClient(Site site, Instant now, Instant until, List<CalendarEntry> entries) {
        String id = site.ssm().client().id();
        LocalDate expires = site.ssm().client().expires();
        if (expires == null) {
            return;
        }
        Instant at = expires.atStartOfDay(ZoneOffset.UTC).toInstant();
        if (!at.isBefore(now.minus(DAY)) && at.isBefore(until)) {
            entries.add(CalendarEntry.of(
                    at,
                    CalendarKind.API_CLIENT,
                    site.name(),
                    null,
                    null,
                    id,
                    "the API client " + id + " expires",
                    1,
                    "the date in the configuration"));
        }
    }

    private static void certificates(Handle tx, String site, Instant now, Instant until, List<CalendarEntry> entries) {
        tx.createQuery(CERTIFICATES)
                .bind("site", site)
                .map((row, context) -> CalendarEntry.of(
                        Instant.ofEpochMilli(row.getLong("ends_at")),
                        CalendarKind.CERTIFICATE,
                        site,
                        null,
                        null,
                        row.getString("target"),
                        "the certificate of " + row.getString("target") + " ends",
                        1,
                        "the certificate that the server presented at "
                                + Instant.ofEpochMilli(row.getLong("observed_at"))))
                .forEach(each -> {
                    if (isBetween(each.at(), now, until)) {
                        entries.add(each);
                    }
                });
    }

    /** SSM's texts are not published: an alert counts if its words are about a token of its synchronization, and it says "in 5 days". */
    private static void ssmTokens(Handle tx, String site, Instant now, Instant until, List<CalendarEntry> entries) {
        tx.createQuery(ALERTS)
                .bind("site", site)
                .map((row, context) -> {
                    SsmAlert alert = new SsmAlert(
                            row.getString("message_type"),
                            row.getString("severity"),
                            row.getString("source"),
                            row.getString("message"));
                    Instant read = Instant.ofEpochMilli(row.getLong("finished_at"));
                    return ssmToken(site, row.getString("account"), alert, read);
                })
                .forEach(found ->
                        found.filter(each -> isBetween(each.at(), now, until)).ifPresent(entries::add));
    }

    private static Optional<CalendarEntry> ssmToken(String site, String account, SsmAlert alert, Instant read) {
        Matcher days = DAYS.matcher(alert.message());
        if (!SsmAlertWords.isAboutToken(alert) || !days.find()) {
            return Optional.empty();
        }
        return Optional.of(CalendarEntry.of(
                read.plus(Duration.ofDays(Long.parseLong(days.group(1)))),
                CalendarKind.SSM_TOKEN,
                site,
                account,
                null,
                alert.messageType(),
                "SSM's own alert: " + alert.messageType() + ": " + alert.message(),
                1,
                "the number of days in the alert, read at " + read));
    }

    private static void ends(Handle tx, String site, Instant now, Instant until, List<CalendarEntry> entries) {
        tx.createQuery(LICENSES)
                .bind("site", site)
                .bind("from", now.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .bind("most", MOST)
                .map((row, context) -> Group.of(row, row.getLong("id"), ""))
                .list()
                .forEach(group -> entries.add(end(site, group, "license", firstLicense(tx, group))));
        tx.createQuery(SUBSCRIPTIONS)
                .bind("site", site)
                .bind("from", now.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .bind("most", MOST)
                .map((row, context) -> Group.of(row, 0, row.getString("name")))
                .forEach(group -> entries.add(end(site, group, "subscription", group.name)));
    }

    private static String firstLicense(Handle tx, Group group) {
        return tx.createQuery(FIRST_LICENSE)
                .bind("place", group.placeId)
                .bind("at", group.at.toEpochMilli())
                .mapTo(String.class)
                .one();
    }

    private static CalendarEntry end(String site, Group group, String kind, String first) {
        String what = group.count == 1
                ? "the " + kind + " " + first + " ends"
                : Plural.of(group.count, kind) + " end, among them " + first;
        return CalendarEntry.of(
                group.at,
                CalendarKind.LICENSE_END,
                site,
                group.account,
                group.va,
                kind + " " + group.at.toEpochMilli() / DAY.toMillis(),
                what,
                group.count,
                "the end date in the last answer of SSM that was applied");
    }

    private static void reports(Handle tx, String site, Instant now, Instant until, List<CalendarEntry> entries) {
        tx.createQuery(REPORTS)
                .bind("site", site)
                .bind("now", now.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .bind("most", MOST)
                .map((row, context) -> report(site, Group.of(row, 0, row.getString("name")), row.getLong("due_day")))
                .forEach(entries::add);
    }

    private static CalendarEntry report(String site, Group group, long day) {
        String whom = group.count == 1
                ? "device " + group.name
                : Plural.of(group.count, "device") + ", among them " + group.name;
        return CalendarEntry.of(
                group.at,
                CalendarKind.REPORT_DEADLINE,
                site,
                group.account,
                group.va,
                Long.toString(day),
                "an acknowledgement " + (day == OVERDUE ? "is overdue" : "is due") + " for " + whom,
                group.count,
                "the device's policy, or the configured rule");
    }

    private static boolean isBetween(Instant at, Instant from, Instant until) {
        return !at.isBefore(from) && at.isBefore(until);
    }

    /** Items of one virtual account with the same day. @param at the earliest of them */
    private record Group(
            long placeId,
            @Nullable String account,
            @Nullable String va,
            Instant at,
            long count,
            String name) {
        static Group of(ResultSet row, long placeId, String name) throws SQLException {
            return new Group(
                    placeId,
                    row.getString("account"),
                    row.getString("va"),
                    Instant.ofEpochMilli(row.getLong("at")),
                    row.getLong("n"),
                    name);
        }
    }
}
