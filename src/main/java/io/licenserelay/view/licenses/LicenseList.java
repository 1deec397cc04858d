package io.licenserelay.view.licenses;

import static io.licenserelay.store.SqlTime.instant;
import static io.licenserelay.store.SqlTime.millis;

import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.store.Database;
import io.licenserelay.view.licenses.LicenseHistory.Point;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.view.query.Page;
import io.licenserelay.view.query.PageRequest;
import io.licenserelay.view.query.Select;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The licenses of the inventory, virtual account by virtual account. A request reads at most {@link #MOST_ROWS} rows, so that its time is
 * bounded for any number of licenses: a search for a rare name can need several pages. Thread-safe.
 */
public final class LicenseList {
    /** The maximum number of points of a history. */
    public static final int POINTS = 400;

    /** The maximum number of rows that a request reads. */
    static final int MOST_ROWS = 100_000;

    private static final int PARTS = 3;
    private static final String PLACES = "SELECT id, site, account, va, total_licenses FROM place"
            + " WHERE va IS NOT NULL AND gone_run IS NULL AND applied_run IS NOT NULL";
    private static final String HAS_ENDING =
            "EXISTS (SELECT 1 FROM license l WHERE l.place_id = place.id AND l.ends_at IS NOT NULL"
                    + " AND l.gone_run IS NULL AND l.ends_at < :before)";
    private static final String SEARCH = "SELECT " + LicenseEntry.COLUMNS + " FROM (SELECT " + LicenseEntry.COLUMNS
            + ", gone_run FROM license WHERE place_id = :place AND (name, billing) > (:name, :billing)"
            + " ORDER BY name, billing LIMIT :read) AS part WHERE gone_run IS NULL";
    private static final String BOUNDARY = "SELECT name, billing FROM license WHERE place_id = :place"
            + " AND (name, billing) > (:name, :billing) ORDER BY name, billing LIMIT 1 OFFSET :skip";
    private static final String ENDING = "SELECT " + LicenseEntry.COLUMNS + " FROM license WHERE place_id = :place"
            + " AND ends_at IS NOT NULL AND gone_run IS NULL AND (name, billing) > (:name, :billing)";
    private static final String ONE =
            "SELECT l.id, l.place_id, l.name, l.billing, l.quantity, l.in_use, l.available, l.reserved,"
                    + " l.status, l.ends_at, l.changed_run, l.gone_run, l.first_run, p.site, p.account, p.va"
                    + " FROM license l JOIN place p ON p.id = l.place_id WHERE l.id = :id AND p.applied_run IS NOT NULL";
    private static final String HISTORY =
            "SELECT h.run_id, h.change, h.quantity, h.in_use, h.available, h.reserved, h.status,"
                    + " h.ends_at, COALESCE(r.started_at, h.run_id / 1000) AS at FROM license_history h LEFT JOIN run r ON r.id = h.run_id"
                    + " WHERE h.place_id = :place AND h.name = :name AND h.billing = :billing AND h.run_id > :first"
                    + " ORDER BY h.run_id DESC LIMIT :most";
    private static final String RUN = "SELECT started_at FROM run WHERE id = :id";

    private final Database database;

    public LicenseList(Database database) {
        this.database = database;
    }

    /** The licenses that match, by site, account, virtual account, name and billing type. */
    public Page<LicenseEntry> list(LicenseFilter filter, PageRequest page) {
        return database.read(tx -> new Search(tx, filter, page).run());
    }

    /** @throws NoSuchItem if no license has the id */
    public LicenseHistory history(String id) {
        if (!id.matches("\\d{1,18}")) {
            throw new NoSuchItem("license");
        }
        return database.read(tx -> tx.createQuery(ONE)
                .bind("id", Long.parseLong(id))
                .map((row, context) -> history(tx, row))
                .findOne()
                .orElseThrow(() -> new NoSuchItem("license")));
    }

    /**
     * A row of the history has the values before a change. So the values that a run found are in the row of the next change, or in the
     * inventory. While a license was gone it had no values, and the store does not record when it came back: the points begin after that.
     */
    private static LicenseHistory history(Handle tx, ResultSet row) throws SQLException {
        List<Change> changes = tx.createQuery(HISTORY)
                .bind("place", row.getLong("place_id"))
                .bind("name", row.getString("name"))
                .bind("billing", row.getString("billing"))
                .bind("first", row.getLong("first_run"))
                .bind("most", POINTS)
                .map((each, context) -> Change.of(each))
                .list();
        Instant goneAt = instant(row, "gone_run") == null ? null : begin(tx, row.getLong("gone_run"));
        List<Point> points = new ArrayList<>();
        Values values = goneAt == null ? Values.of(row) : null;
        boolean complete = changes.size() < POINTS;
        for (Change change : changes) {
            if (values != null && change.isGone) {
                if (points.isEmpty()) {
                    points.add(values.since(row.getLong("changed_run"), begin(tx, row.getLong("changed_run"))));
                }
                complete = false;
                values = null;
                break;
            }
            if (values != null) {
                points.add(values.since(change.run, change.at));
            }
            values = change.before;
        }
        if (complete && values != null) {
            points.add(values.since(row.getLong("first_run"), begin(tx, row.getLong("first_run"))));
        }
        Collections.reverse(points);
        LicenseEntry license =
                LicenseEntry.of(row, row.getString("site"), row.getString("account"), row.getString("va"));
        return new LicenseHistory(license, goneAt, List.copyOf(points), complete);
    }

    private static Instant begin(Handle tx, long run) {
        return tx.createQuery(RUN)
                .bind("id", run)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli)
                // The id of a run is the time of its begin.
                .orElseGet(() -> Instant.ofEpochMilli(run / 1000));
    }

    /** The values of a license. */
    private record Values(
            long quantity,
            long inUse,
            long available,
            long reserved,
            String status,
            @Nullable Instant endsAt) {
        static Values of(ResultSet row) throws SQLException {
            return new Values(
                    row.getLong("quantity"),
                    row.getLong("in_use"),
                    row.getLong("available"),
                    row.getLong("reserved"),
                    row.getString("status"),
                    instant(row, "ends_at"));
        }

        Point since(long run, Instant at) {
            return new Point(Long.toString(run), at, quantity, inUse, available, reserved, status, endsAt);
        }
    }

    /** A run changed the license, or found that it is gone. */
    private record Change(long run, Instant at, boolean isGone, Values before) {
        static Change of(ResultSet row) throws SQLException {
            return new Change(
                    row.getLong("run_id"),
                    Instant.ofEpochMilli(row.getLong("at")),
                    row.getString("change").equals("gone"),
                    Values.of(row));
        }
    }

    /** A virtual account. @param licenses the number of its licenses */
    private record VirtualAccountOf(long id, String site, String account, String va, long licenses) {
        String path() {
            return site + "\n" + account + "\n" + va;
        }
    }

    /** Where a search goes on: behind this license. */
    private record Position(String place, String name, String billing) {
        static final Position START = new Position("", "", "");
    }

    /** The search of one request. */
    private static final class Search {
        private final Handle tx;
        private final LicenseFilter filter;
        private final PageRequest page;
        private final List<LicenseEntry> found = new ArrayList<>();
        private int unread = MOST_ROWS;

        Search(Handle tx, LicenseFilter filter, PageRequest page) {
            this.tx = tx;
            this.filter = filter;
            this.page = page;
        }

        Page<LicenseEntry> run() {
            Position position = page.isFirst()
                    ? Position.START
                    : new Position(page.text(0, PARTS), page.text(1, PARTS), page.text(2, PARTS));
            for (VirtualAccountOf place : places()) {
                int order = place.path().compareTo(position.place);
                if (order > 0) {
                    position = new Position(place.path(), "", "");
                }
                if (order >= 0) {
                    Optional<Position> rest = search(place, position);
                    if (rest.isPresent()) {
                        Position on = rest.get();
                        return new Page<>(
                                List.copyOf(found), PageRequest.cursor(List.of(on.place, on.name, on.billing)), null);
                    }
                }
            }
            return Page.whole(found);
        }

        private List<VirtualAccountOf> places() {
            Select select = new Select(PLACES)
                    .where("site = :site", "site", filter.site())
                    .where("account = :account", "account", filter.account())
                    .where("va = :va", "va", filter.virtualAccount())
                    .where(HAS_ENDING, "before", millis(filter.endsBefore()))
                    .when(filter.compliance() == ComplianceState.OUT, "total_out > 0");
            return select
                    .rows(tx, "site, account, va", Integer.MAX_VALUE)
                    .map((row, context) -> new VirtualAccountOf(
                            row.getLong("id"),
                            row.getString("site"),
                            row.getString("account"),
                            row.getString("va"),
                            row.getLong("total_licenses")))
                    .stream()
                    .sorted(Comparator.comparing(VirtualAccountOf::path))
                    .toList();
        }

        /** @return where the next request goes on; empty if nothing is left in the virtual account */
        private Optional<Position> search(VirtualAccountOf place, Position from) {
            int missing = page.limit() - found.size();
            if (missing == 0 || unread == 0) {
                return Optional.of(from);
            }
            List<LicenseEntry> matches = matches(place, from, missing);
            found.addAll(matches);
            if (matches.size() == missing) {
                LicenseEntry last = matches.get(matches.size() - 1);
                return Optional.of(new Position(place.path(), last.license(), last.billingType()));
            }
            Optional<Position> boundary = boundary(place, from);
            unread = boundary.isPresent() ? 0 : unread - rows(place);
            return boundary;
        }

        private List<LicenseEntry> matches(VirtualAccountOf place, Position from, int most) {
            Select select = new Select(filter.endsBefore() == null ? SEARCH : ENDING)
                    .bind("place", place.id)
                    .bind("name", from.name)
                    .bind("billing", from.billing)
                    .where("ends_at < :before", "before", millis(filter.endsBefore()));
            if (filter.endsBefore() == null) {
                select.bind("read", unread);
            }
            if (filter.compliance() != null) {
                switch (filter.compliance()) {
                    case IN -> select.where("status = :in", "in", Compliance.IN);
                    case OUT -> select.where("status = :out", "out", Compliance.OUT);
                    case OTHER ->
                        select.where("status <> :in AND status <> :out", "in", Compliance.IN)
                                .bind("out", Compliance.OUT);
                }
            }
            String text = filter.text();
            if (text != null) {
                select.where(
                        "LOWER(name) LIKE :text ESCAPE '!'", "text", "%" + text.replaceAll("([!%_])", "!$1") + "%");
            }
            return select.rows(tx, "name, billing", most)
                    .map((row, context) -> LicenseEntry.of(row, place.site, place.account, place.va))
                    .list();
        }

        /** The last row that was read, if more follow. */
        private Optional<Position> boundary(VirtualAccountOf place, Position from) {
            return filter.endsBefore() != null
                    ? Optional.empty()
                    : tx.createQuery(BOUNDARY)
                            .bind("place", place.id)
                            .bind("name", from.name)
                            .bind("billing", from.billing)
                            .bind("skip", unread - 1)
                            .map((row, context) ->
                                    new Position(place.path(), row.getString("name"), row.getString("billing")))
                            .findOne();
        }

        private int rows(VirtualAccountOf place) {
            return (int) Math.min(unread, place.licenses);
        }
    }
}
