package io.licenserelay.event;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Topics, and single keys of a topic, that Kafka refuses while it accepts others. They are excluded from normal
 * sending, so that others do not wait for them, and retried in turn. Records behind a refused record of the same key
 * wait with it. Not thread-safe.
 */
public final class RefusedTopics {
    /** Above this number of lanes, a refused record excludes its whole topic until the next retry. */
    private static final int MAX_LANES = 50;

    private static final Set<Class<? extends Throwable>> RECORD_ERRORS =
            Set.of(RecordTooLargeException.class, RecordBatchTooLargeException.class);
    private static final Set<Class<? extends Throwable>> TOPIC_ERRORS =
            Set.of(UnknownTopicOrPartitionException.class, AuthorizationException.class, InvalidTopicException.class);

    private static final Set<Class<? extends Throwable>> INVALID_RECORD_ERRORS =
            Set.of(InvalidRecordException.class, InvalidTimestampException.class);
    private static final Set<Class<? extends Throwable>> KAFKA_ERRORS = Set.of(
            RetriableException.class,
            AuthenticationException.class,
            ApiException.class,
            InterruptException.class,
            InterruptedException.class,
            RejectedExecutionException.class,
            IllegalStateException.class,
            IOException.class);

    private final Set<Lane> lanes = new LinkedHashSet<>();

    /**
     * Records that wait together.
     *
     * @param key null for the whole topic
     */
    public record Lane(String topic, @Nullable String key) {

        boolean holds(OutboxRecord record) {
            return topic.equals(record.topic()) && (key == null || key.equals(record.key()));
        }

        @Override
        public String toString() {
            return key == null ? topic : topic + " " + key;
        }
    }

    /** Whether the error concerns one topic or record, not Kafka as a whole. */
    public static boolean isRefusal(Throwable thrown) {
        return is(thrown, RECORD_ERRORS) || is(thrown, TOPIC_ERRORS);
    }

    /** Whether Kafka refuses the publisher itself, so that it accepts no record of any topic. */
    public static boolean isOfPublisher(Throwable thrown) {
        return is(thrown, Set.of(TransactionalIdAuthorizationException.class));
    }

    /**
     * Whether Kafka, or its client, can never accept this record. Errors of the topic, of Kafka as a whole, and of a
     * stopping client are excluded.
     */
    public static boolean isOfRecord(Throwable thrown) {
        return is(thrown, RECORD_ERRORS)
                || is(thrown, INVALID_RECORD_ERRORS)
                || !(is(thrown, TOPIC_ERRORS) || is(thrown, KAFKA_ERRORS));
    }

    /** Adds the lane of a record that Kafka refused. */
    public Lane add(OutboxRecord record, Throwable thrown) {
        // A row that represents many records is identified only by its topic.
        boolean singleKey = is(thrown, RECORD_ERRORS) && record.resume() == null && lanes.size() < MAX_LANES;
        Lane lane = new Lane(record.topic(), singleKey ? record.key() : null);
        // A topic that refuses a record as too large accepts others.
        lanes.removeIf(each -> each.topic().equals(lane.topic()) && (lane.key() == null || each.key() == null));
        lanes.add(lane);
        return lane;
    }

    /** Removes the lanes of records that Kafka accepted. */
    public void accepted(List<OutboxRecord> batch) {
        lanes.removeIf(lane -> batch.stream().anyMatch(lane::holds));
    }

    /** The lane to retry now: the one that was retried longest ago. */
    public Optional<Lane> nextRetry() {
        Optional<Lane> first = lanes.stream().findFirst();
        first.ifPresent(lane -> {
            lanes.remove(lane);
            lanes.add(lane);
        });
        return first;
    }

    /** Removes a lane without waiting records. */
    public void remove(Lane lane) {
        lanes.remove(lane);
    }

    public List<Lane> lanes() {
        return new ArrayList<>(lanes);
    }

    public boolean isEmpty() {
        return lanes.isEmpty();
    }

    private static boolean is(Throwable thrown, Set<Class<? extends Throwable>> kinds) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            Throwable current = each;
            if (kinds.stream().anyMatch(kind -> kind.isInstance(current))) {
                return true;
            }
        }
        return false;
    }
}
