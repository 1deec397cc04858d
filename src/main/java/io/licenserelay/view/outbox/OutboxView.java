package io.licenserelay.view.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for Kafka, by topic.
 *
 * @param waiting the number of rows. A row of topic {@code licenses} can stand for many records.
 * @param oldestAt when the oldest row was added; null if none waits
 * @param topics the configured topics and those with waiting rows, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutboxView(long waiting, @Nullable Instant oldestAt, List<TopicRow> topics) {

    /**
     * A topic.
     *
     * @param use its setting: {@code failures}, {@code syncs}, …; null for a topic that no setting names any more
     * @param sends whether this relay writes to it; it only reads the topic of commands
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TopicRow(
            String topic,
            @Nullable String use,
            boolean sends,
            long waiting,
            @Nullable Instant oldestAt) {}
}
