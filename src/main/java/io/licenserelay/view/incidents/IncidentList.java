package io.licenserelay.view.incidents;

import static io.licenserelay.store.SqlTime.instant;
import static io.licenserelay.store.SqlTime.millis;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.Digests;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import io.licenserelay.text.WireNamed;
import io.licenserelay.view.incidents.IncidentDetail.BundleFile;
import io.licenserelay.view.incidents.IncidentDetail.Cause;
import io.licenserelay.view.incidents.IncidentDetail.Former;
import io.licenserelay.view.incidents.IncidentDetail.StoredBody;
import io.licenserelay.view.query.NoSuchItem;
import io.licenserelay.view.query.Page;
import io.licenserelay.view.query.PageRequest;
import io.licenserelay.view.query.Select;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The stored incidents, open and resolved. Thread-safe. */
public final class IncidentList {
    private static final int MOST_FORMER = 20;
    private static final int MOST_SEQUENCES = 1_000;
    private static final String NEWEST_FIRST = "opened_at DESC, id DESC";
    private static final String ALL = "SELECT " + IncidentEntry.COLUMNS + " FROM incident WHERE 1 = 1";
    private static final String OPEN =
            "SELECT " + IncidentEntry.COLUMNS + " FROM incident WHERE is_open = 1 ORDER BY opened_at, dedup_key";
    private static final String ONE = "SELECT " + IncidentEntry.COLUMNS + ", dedup_key FROM incident WHERE id = :id";
    private static final String FORMER = "SELECT id, code, severity, summary, opened_at, resolved_at FROM incident"
            + " WHERE dedup_key = :key AND id <> :id ORDER BY opened_at DESC LIMIT :most";
    private static final String CAUSES = "SELECT code, confidence, is_active, first_at, last_at FROM incident_cause"
            + " WHERE incident_id = :id ORDER BY is_active DESC, last_at DESC, code";
    private static final String NEWEST_EVIDENCE = "SELECT sequence, run_id, collected_at, sha256, body FROM evidence"
            + " WHERE incident_id = :id ORDER BY sequence DESC LIMIT 1";
    private static final String SEQUENCES =
            "SELECT sequence FROM evidence WHERE incident_id = :id ORDER BY sequence DESC LIMIT :most";
    private static final String BUNDLE =
            "SELECT sequence, sha256, bytes, written_at FROM evidence_bundle WHERE incident_id = :id";

    private final Database database;

    public IncidentList(Database database) {
        this.database = database;
    }

    /** Every open incident, oldest first. */
    public static List<IncidentEntry> open(Database database) {
        return database.read(tx -> tx.createQuery(OPEN)
                .map((row, context) -> IncidentEntry.of(row))
                .list());
    }

    /** The incidents that match, newest first. */
    public Page<IncidentEntry> list(IncidentFilter filter, PageRequest page) {
        Select select = new Select(ALL)
                .where("site = :site", "site", filter.site())
                .when(filter.open(), "is_open = 1")
                .when(filter.failed(), "severity IN ('critical', 'error')")
                .where("code = :code", "code", filter.code())
                .where("opened_at >= :from", "from", millis(filter.from()))
                .where("opened_at < :until", "until", millis(filter.until()));
        Severity severity = filter.severity();
        if (severity != null) {
            select.where("severity = :severity", "severity", severity.wireName());
        }
        if (!page.isFirst()) {
            select.where("(opened_at, id) < (:at, :id)", "at", page.number(0, 2))
                    .bind("id", page.text(1, 2));
        }
        List<IncidentEntry> read = database.read(tx -> select.rows(tx, NEWEST_FIRST, page.rows())
                .map((row, context) -> IncidentEntry.of(row))
                .list());
        return Page.of(read, page, each -> List.of(Long.toString(each.openedAt().toEpochMilli()), each.id()));
    }

    /** @throws NoSuchItem if no incident has the id */
    public IncidentDetail one(String id) {
        return database.read(tx -> tx.createQuery(ONE)
                .bind("id", id)
                .map((row, context) -> {
                    JsonNode data = Json.stored(row.getString("last_data"), "the data of incident " + id);
                    return new IncidentDetail(
                            IncidentEntry.of(row, data),
                            data,
                            causes(tx, id),
                            evidence(tx, id).orElse(null),
                            former(tx, id, row.getString("dedup_key")),
                            bundle(tx, id).orElse(null));
                })
                .findOne()
                .orElseThrow(() -> new NoSuchItem("incident")));
    }

    private static List<Cause> causes(Handle tx, String id) {
        return tx.createQuery(CAUSES)
                .bind("id", id)
                .map((row, context) -> new Cause(
                        row.getString("code"),
                        row.getString("confidence"),
                        row.getLong("is_active") == 1,
                        Instant.ofEpochMilli(row.getLong("first_at")),
                        Instant.ofEpochMilli(row.getLong("last_at"))))
                .list();
    }

    private static List<Former> former(Handle tx, String id, String key) {
        return tx.createQuery(FORMER)
                .bind("key", key)
                .bind("id", id)
                .bind("most", MOST_FORMER)
                .map((row, context) -> new Former(
                        row.getString("id"),
                        row.getString("code"),
                        WireNamed.of(Severity.class, row.getString("severity")),
                        row.getString("summary"),
                        Instant.ofEpochMilli(row.getLong("opened_at")),
                        instant(row, "resolved_at")))
                .list();
    }

    private static Optional<StoredBody> evidence(Handle tx, String id) {
        List<Long> sequences = tx.createQuery(SEQUENCES)
                .bind("id", id)
                .bind("most", MOST_SEQUENCES)
                .mapTo(Long.class)
                .list();
        return tx.createQuery(NEWEST_EVIDENCE)
                .bind("id", id)
                .map((row, context) -> {
                    String body = row.getString("body");
                    long run = row.getLong("run_id");
                    return new StoredBody(
                            row.getLong("sequence"),
                            run == 0 ? null : Long.toString(run),
                            Instant.ofEpochMilli(row.getLong("collected_at")),
                            row.getString("sha256"),
                            Digests.sha256(body.getBytes(StandardCharsets.UTF_8))
                                    .equals(row.getString("sha256")),
                            sequences,
                            Json.stored(body, "the evidence of incident " + id));
                })
                .findOne();
    }

    private static Optional<BundleFile> bundle(Handle tx, String id) {
        return tx.createQuery(BUNDLE)
                .bind("id", id)
                .map((row, context) -> new BundleFile(
                        row.getLong("sequence"),
                        row.getString("sha256"),
                        row.getLong("bytes"),
                        Instant.ofEpochMilli(row.getLong("written_at"))))
                .findOne();
    }
}
