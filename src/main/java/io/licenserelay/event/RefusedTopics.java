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
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Topics, and single keys of a topic, that Kafka refuses while it takes others. They are put aside, so that others do not wait
 * for them, and tried again by turns; what is behind a refused record of its key waits with it. Not thread-safe.
 */
public final class RefusedTopics {
    /** Beyond so many keys of whatever topic the topic as a whole is put aside, until its turn comes. */
    private static final int MOST_KEYS = 50;

    private static final Set<Class<? extends Throwable>> OF_A_RECORD =
            Set.of(RecordTooLargeException.class, RecordBatchTooLargeException.class);
    private static final Set<Class<? extends Throwable>> OF_A_TOPIC =
            Set.of(UnknownTopicOrPartitionException.class, AuthorizationException.class, InvalidTopicException.class);

    private static final Set<Class<? extends Throwable>> INVALID =
            Set.of(InvalidRecordException.class, InvalidTimestampException.class);
    private static final Set<Class<? extends Throwable>> OF_KAFKA = Set.of(
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
     * What waits together.
     *
     * @param key null for all of the topic
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

    /** Whether this is said of one topic or record, and not of Kafka as a whole. */
    public static boolean isRefusal(Throwable thrown) {
        return is(thrown, OF_A_RECORD) || is(thrown, OF_A_TOPIC);
    }

    /**
     * Whether Kafka, or its client, cannot take this very record, today or later: neither the topic nor Kafka as a whole is what
     * is wrong, and nothing in between was shut.
     */
    public static boolean isOfRecord(Throwable thrown) {
        return is(thrown, OF_A_RECORD) || is(thrown, INVALID) || !(is(thrown, OF_A_TOPIC) || is(thrown, OF_KAFKA));
    }

    /** Kafka refused this record. */
    public Lane add(OutboxRecord record, Throwable thrown) {
        // A row that stands for many records is found by its topic alone.
        boolean alone = is(thrown, OF_A_RECORD) && record.resume() == null && lanes.size() < MOST_KEYS;
        Lane lane = new Lane(record.topic(), alone ? record.key() : null);
        // A topic that finds a record too large takes others.
        lanes.removeIf(each -> each.topic().equals(lane.topic()) && (lane.key() == null || each.key() == null));
        lanes.add(lane);
        return lane;
    }

    /** Kafka took these, so what they belong to is not refused any more. */
    public void taken(List<OutboxRecord> batch) {
        lanes.removeIf(lane -> batch.stream().anyMatch(lane::holds));
    }

    /** What is to be tried again now: what was tried longest ago. */
    public Optional<Lane> turn() {
        Optional<Lane> first = lanes.stream().findFirst();
        first.ifPresent(lane -> {
            lanes.remove(lane);
            lanes.add(lane);
        });
        return first;
    }

    /** Nothing of it waits any more. */
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
            Throwable one = each;
            if (kinds.stream().anyMatch(kind -> kind.isInstance(one))) {
                return true;
            }
        }
        return false;
    }
}
