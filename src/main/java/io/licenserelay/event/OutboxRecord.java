package io.licenserelay.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that waits to be sent to Kafka.
 *
 * @param seq the outbox row it comes from
 * @param resume the position after this record if the row represents many records, else null
 */
public record OutboxRecord(
        long seq,
        String topic,
        String key,
        Map<String, String> headers,
        @Nullable String value,
        @Nullable String resume) {}
