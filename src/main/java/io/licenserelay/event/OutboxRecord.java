package io.licenserelay.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that waits for Kafka.
 *
 * @param seq the outbox row it comes from
 * @param resume set when the row stands for many records: where to go on after this one
 */
public record OutboxRecord(
        long seq,
        String topic,
        String key,
        Map<String, String> headers,
        @Nullable String value,
        @Nullable String resume) {}
