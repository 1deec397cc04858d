package io.licenserelay.event;

import com.fasterxml.jackson.core.type.TypeReference;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Events that are not on Kafka yet. An event is appended in the transaction of its state change, and removed after
 * Kafka has accepted it. Delivery is at least once, in order per key. Thread-safe for appending; one publisher at a
 * time.
 */
public final class Outbox {
    private static final String LICENSES = "licenses";
    private static final String RECORD = "record";
    private static final String INSERT =
            "INSERT INTO outbox (kind, topic, record_key, headers, value, run_id, place_id, created_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final TypeReference<LinkedHashMap<String, String>> HEADERS = new TypeReference<>() {};

    private final Database database;
    private final RecordExpansion licenses;
    private final Clock clock;
    private final Runnable onCommit;

    /** An outbox without a listener for commits. */
    public Outbox(Database database, RecordExpansion licenses, Clock clock) {
        this(database, licenses, clock, () -> {});
    }

    /**
     * @param licenses makes the records of an {@link #appendLicenses} row
     * @param onCommit called after each commit that added events, on the thread that committed; it must return at once
     */
    public Outbox(Database database, RecordExpansion licenses, Clock clock, Runnable onCommit) {
        this.database = database;
        this.licenses = licenses;
        this.clock = clock;
        this.onCommit = onCommit;
    }

    /** Adds an event, which is sent after the transaction has committed. */
    public void append(Handle tx, String topic, Event event) {
        insert(tx, RECORD, topic, event.key(), event.headers(), event.value(), null, null);
    }

    /** Adds events in this order. */
    public void append(Handle tx, String topic, List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        try (PreparedBatch rows = tx.prepareBatch(INSERT)) {
            for (Event each : events) {
                rows.add(
                        RECORD,
                        topic,
                        each.key(),
                        Json.write(each.headers()),
                        each.value(),
                        null,
                        null,
                        clock.millis());
            }
            rows.execute();
            tx.afterCommit(onCommit);
        }
    }

    /**
     * Adds one row that represents all licenses of the place that the run changed.
     *
     * @param provenance see {@link Provenance#kept}
     */
    public void appendLicenses(Handle tx, String topic, String placePath, long placeId, long runId, String provenance) {
        insert(tx, LICENSES, topic, placePath, Map.of(), provenance, runId, placeId);
    }

    /**
     * The records that may be sent now: oldest first, at most one per key, so that a later event of a key is sent only
     * after Kafka has the earlier one.
     */
    public List<OutboxRecord> next(int max) {
        return next(max, List.of());
    }

    /** The same without the records of refused lanes. */
    public List<OutboxRecord> next(int max, List<RefusedTopics.Lane> refusedLanes) {
        return records(max, tx -> oldest(tx, max, refusedLanes));
    }

    /** The oldest record of a refused lane. */
    public List<OutboxRecord> next(RefusedTopics.Lane lane) {
        return records(1, tx -> oldest(tx, lane));
    }

    private List<OutboxRecord> records(int max, Function<Handle, List<Row>> rows) {
        List<Row> exhausted = new ArrayList<>();
        List<OutboxRecord> batch = database.read(tx -> {
            List<OutboxRecord> records = new ArrayList<>();
            Set<String> taken = new HashSet<>();
            for (Row row : rows.apply(tx)) {
                if (records.size() < max && taken.add(row.topic + '\n' + row.key)) {
                    List<OutboxRecord> some = records(tx, row, max - records.size());
                    records.addAll(some);
                    if (some.isEmpty()) {
                        exhausted.add(row);
                    }
                }
            }
            return records;
        });
        if (!exhausted.isEmpty()) {
            finish(exhausted);
        }
        return batch;
    }

    /** Removes records that Kafka has accepted. */
    public void published(List<OutboxRecord> batch) {
        Map<Long, OutboxRecord> lastOfRow = new LinkedHashMap<>();
        batch.forEach(record -> lastOfRow.put(record.seq(), record));
        database.write(Database.RELAY, tx -> {
            try (PreparedBatch done = tx.prepareBatch("DELETE FROM outbox WHERE seq = ?");
                    PreparedBatch begun = tx.prepareBatch("UPDATE outbox SET resume_after = ? WHERE seq = ?")) {
                for (OutboxRecord record : lastOfRow.values()) {
                    if (record.resume() == null) {
                        done.add(record.seq());
                    } else {
                        begun.add(record.resume(), record.seq());
                    }
                }
                done.execute();
                begun.execute();
            }
            return lastOfRow.size();
        });
    }

    /** Whether the outbox is empty. Unlike {@link #waiting}, the time does not depend on the number of rows. */
    public boolean isEmpty() {
        return database.read(tx -> tx.createQuery("SELECT NOT EXISTS (SELECT 1 FROM outbox)")
                .mapTo(Boolean.class)
                .one());
    }

    /** The number of waiting rows and the time of the oldest one. */
    public Waiting waiting() {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) AS n, MIN(created_at) AS since FROM outbox")
                .map((row, context) -> {
                    long rows = row.getLong("n");
                    long since = row.getLong("since");
                    return new Waiting(rows, row.wasNull() ? null : Instant.ofEpochMilli(since));
                })
                .one());
    }

    /**
     * The waiting rows.
     *
     * @param since when the oldest row was added; null if none waits
     */
    public record Waiting(long rows, @Nullable Instant since) {}

    private void insert(
            Handle tx,
            String kind,
            String topic,
            String key,
            Map<String, String> headers,
            @Nullable String value,
            @Nullable Long runId,
            @Nullable Long placeId) {
        tx.execute(INSERT, kind, topic, key, Json.write(headers), value, runId, placeId, clock.millis());
        tx.afterCommit(onCommit);
    }

    private List<OutboxRecord> records(Handle tx, Row row, int max) {
        if (row.runId == null || row.placeId == null) {
            return List.of(new OutboxRecord(row.seq, row.topic, row.key, headers(row.headers), row.value, null));
        }
        return licenses.page(tx, row.placeId, row.runId, row.value, row.resume, max).stream()
                .map(each ->
                        new OutboxRecord(row.seq, row.topic, each.key(), each.headers(), each.value(), each.resume()))
                .toList();
    }

    /** Removes rows that represent many records after all their records were sent. */
    private void finish(List<Row> exhausted) {
        database.write(Database.RELAY, tx -> {
            for (Row row : exhausted) {
                if (row.placeId != null && row.runId != null) {
                    licenses.finished(tx, row.placeId, row.runId);
                }
                tx.execute("DELETE FROM outbox WHERE seq = ?", row.seq);
            }
            return exhausted.size();
        });
    }

    private static List<Row> oldest(Handle tx, int max, List<RefusedTopics.Lane> refusedLanes) {
        StringBuilder where = new StringBuilder(" WHERE 1 = 1");
        for (int i = 0; i < refusedLanes.size(); i++) {
            where.append(" AND NOT (topic = :topic").append(i);
            where.append(refusedLanes.get(i).key() == null ? ")" : " AND record_key = :key" + i + ")");
        }
        Query query = tx.createQuery("SELECT * FROM outbox" + where + " ORDER BY seq LIMIT :max")
                .bind("max", max);
        for (int i = 0; i < refusedLanes.size(); i++) {
            query.bind("topic" + i, refusedLanes.get(i).topic())
                    .bind("key" + i, refusedLanes.get(i).key());
        }
        return query.map((row, context) -> Row.of(row)).list();
    }

    private static List<Row> oldest(Handle tx, RefusedTopics.Lane lane) {
        return tx.createQuery("SELECT * FROM outbox WHERE topic = :topic AND record_key = COALESCE(:key, record_key)"
                        + " ORDER BY seq LIMIT 1")
                .bind("topic", lane.topic())
                .bind("key", lane.key())
                .map((row, context) -> Row.of(row))
                .list();
    }

    private static Map<String, String> headers(String json) {
        return Json.stored(json, "a header in the outbox", HEADERS);
    }

    /** A row of the table. */
    private record Row(
            long seq,
            String topic,
            String key,
            String headers,
            @Nullable String value,
            @Nullable Long runId,
            @Nullable Long placeId,
            @Nullable String resume) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong("seq"),
                    row.getString("topic"),
                    row.getString("record_key"),
                    row.getString("headers"),
                    row.getString("value"),
                    row.getObject("run_id") == null ? null : row.getLong("run_id"),
                    row.getObject("place_id") == null ? null : row.getLong("place_id"),
                    row.getString("resume_after"));
        }
    }
}
