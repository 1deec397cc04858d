package io.licenserelay.view.runs;

import static io.licenserelay.store.SqlTime.millis;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.view.query.Page;
import io.licenserelay.view.query.PageRequest;
import io.licenserelay.view.query.Select;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The recorded runs. Thread-safe. */
public final class Runs {
    private static final String NEWEST_FIRST = "started_at DESC, id DESC";
    private static final String ALL = "SELECT " + RunEntry.COLUMNS + " FROM run WHERE 1 = 1";
    private static final String ONE = "SELECT " + RunEntry.COLUMNS + ", traceparent, summary FROM run WHERE id = :id";
    private static final String NEWEST =
            "SELECT " + RunEntry.COLUMNS + " FROM run WHERE site = :site ORDER BY started_at DESC, id DESC LIMIT :most";
    private static final String LAST_WITH = "SELECT " + RunEntry.COLUMNS
            + " FROM run WHERE site = :site AND outcome = :outcome ORDER BY started_at DESC, id DESC LIMIT 1";

    private final Database database;

    public Runs(Database database) {
        this.database = database;
    }

    /** The runs that match, newest first. */
    public Page<RunEntry> list(RunFilter filter, PageRequest page) {
        Select select = new Select(ALL)
                .where("site = :site", "site", filter.site())
                .when(filter.outcome() == RunState.RUNNING, "outcome IS NULL")
                .where("started_at >= :from", "from", millis(filter.from()))
                .where("started_at < :until", "until", millis(filter.until()));
        if (filter.outcome() != null && filter.outcome() != RunState.RUNNING) {
            select.where("outcome = :outcome", "outcome", filter.outcome().wireName());
        }
        if (!page.isFirst()) {
            select.where("(started_at, id) < (:at, :id)", "at", page.number(0, 2))
                    .bind("id", page.number(1, 2));
        }
        List<RunEntry> read = database.read(tx -> select.rows(tx, NEWEST_FIRST, page.rows())
                .map((row, context) -> RunEntry.of(row))
                .list());
        return Page.of(read, page, run -> List.of(Long.toString(run.startedAt().toEpochMilli()), run.id()));
    }

    /** @throws NoSuchItem if no run has the id */
    public RunDetail one(String id) {
        if (!id.matches("\\d{1,18}")) {
            throw new NoSuchItem("run");
        }
        return database.read(tx -> tx.createQuery(ONE)
                .bind("id", Long.parseLong(id))
                .map((row, context) -> new RunDetail(
                        RunEntry.of(row), row.getString("traceparent"), results(row.getString("summary"))))
                .findOne()
                .orElseThrow(() -> new NoSuchItem("run")));
    }

    /** The newest runs of a site, newest first. */
    public static List<RunEntry> newest(Handle tx, String site, int most) {
        return tx.createQuery(NEWEST)
                .bind("site", site)
                .bind("most", most)
                .map((row, context) -> RunEntry.of(row))
                .list();
    }

    /** The newest run of a site with this outcome, or an empty list. */
    public static List<RunEntry> last(Handle tx, String site, RunState outcome) {
        return tx.createQuery(LAST_WITH)
                .bind("site", site)
                .bind("outcome", outcome.wireName())
                .map((row, context) -> RunEntry.of(row))
                .list();
    }

    private static List<JsonNode> results(@Nullable String summary) {
        List<JsonNode> results = new ArrayList<>();
        if (summary != null) {
            Json.stored(summary, "the summary of a run").forEach(results::add);
        }
        return results;
    }
}
