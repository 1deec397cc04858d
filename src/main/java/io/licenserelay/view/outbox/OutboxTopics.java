package io.licenserelay.view.outbox;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.store.Database;
import io.licenserelay.view.outbox.OutboxView.TopicRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads what waits for Kafka. The store has no record of what was published: a published row is deleted, and dead letters go directly to
 * their topic, where {@code events tail} shows them. Thread-safe.
 */
public final class OutboxTopics {
    private static final String WAITING =
            "SELECT topic, COUNT(*) AS n, MIN(created_at) AS since FROM outbox GROUP BY topic ORDER BY topic";

    private final Database database;
    private final Settings settings;

    public OutboxTopics(Database database, Settings settings) {
        this.database = database;
        this.settings = settings;
    }

    public OutboxView view() {
        Map<String, TopicRow> topics = new TreeMap<>();
        settings.topics()
                .forEach(
                        (use, name) -> topics.put(name, new TopicRow(name, use.key(), use != Topic.COMMANDS, 0, null)));
        settings.projections()
                .on()
                .forEach((format, name) -> topics.put(name, new TopicRow(name, format.wireName(), true, 0, null)));
        List<TopicRow> waiting = database.read(tx -> tx.createQuery(WAITING)
                .map((row, context) -> new TopicRow(
                        row.getString("topic"),
                        null,
                        true,
                        row.getLong("n"),
                        Instant.ofEpochMilli(row.getLong("since"))))
                .list());
        waiting.forEach(each -> topics.merge(
                each.topic(),
                each,
                (known, now) ->
                        new TopicRow(known.topic(), known.use(), known.sends(), now.waiting(), now.oldestAt())));
        return new OutboxView(
                waiting.stream().mapToLong(TopicRow::waiting).sum(),
                waiting.stream()
                        .flatMap(each -> Stream.ofNullable(each.oldestAt()))
                        .min(Instant::compareTo)
                        .orElse(null),
                List.copyOf(topics.values()));
    }
}
