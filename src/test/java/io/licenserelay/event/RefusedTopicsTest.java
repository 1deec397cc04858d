package io.licenserelay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RefusedTopicsTest {
    private final RefusedTopics refused = new RefusedTopics();

    @Test
    void aMissingTopicIsARefusalButAnUnresponsiveBrokerIsNot() {
        assertThat(RefusedTopics.isRefusal(new TimeoutException("Topic a not present in metadata after 2000 ms.")))
                .isFalse();
        Throwable missing = new TimeoutException("Topic a not present", new UnknownTopicOrPartitionException());
        assertThat(RefusedTopics.isRefusal(new ExecutionException(missing))).isTrue();
        assertThat(RefusedTopics.isRefusal(new TopicAuthorizationException("a")))
                .isTrue();
    }

    @Test
    void aTooLargeRecordBlocksItsKeyAndAMissingTopicBlocksAllKeys() {
        refused.add(record("a", "1", null), new RecordTooLargeException());
        refused.add(record("b", "1", null), new RecordTooLargeException());
        refused.add(record("a", "2", null), new UnknownTopicOrPartitionException());
        assertThat(refused.lanes()).extracting(RefusedTopics.Lane::toString).containsExactly("b 1", "a");
    }

    @Test
    void aTooLargePageOrTooManyBlockedKeysBlockTheWholeTopic() {
        refused.add(record("licenses", "hq/ACME/Default/DNA", "DNA/"), new RecordTooLargeException());
        assertThat(refused.lanes()).containsExactly(new RefusedTopics.Lane("licenses", null));
        for (int key = 1; key <= 50; key++) {
            refused.add(record("a", String.valueOf(key), null), new RecordTooLargeException());
        }
        assertThat(refused.lanes())
                .containsExactlyInAnyOrder(new RefusedTopics.Lane("licenses", null), new RefusedTopics.Lane("a", null));
    }

    @Test
    void aRecoveredTopicWithATooLargeRecordBlocksOnlyItsKey() {
        refused.add(record("a", "1", null), new UnknownTopicOrPartitionException());
        assertThat(refused.nextRetry()).hasValue(new RefusedTopics.Lane("a", null));
        refused.add(record("a", "1", null), new RecordTooLargeException());
        assertThat(refused.lanes()).containsExactly(new RefusedTopics.Lane("a", "1"));
    }

    @Test
    void blockedTopicsAreRetriedInTurnUntilAccepted() {
        refused.add(record("a", "1", null), new UnknownTopicOrPartitionException());
        refused.add(record("b", "1", null), new UnknownTopicOrPartitionException());
        assertThat(refused.nextRetry()).hasValue(new RefusedTopics.Lane("a", null));
        assertThat(refused.nextRetry()).hasValue(new RefusedTopics.Lane("b", null));
        assertThat(refused.nextRetry()).hasValue(new RefusedTopics.Lane("a", null));
        refused.accepted(List.of(record("a", "other", null)));
        assertThat(refused.nextRetry()).hasValue(new RefusedTopics.Lane("b", null));
        refused.remove(new RefusedTopics.Lane("b", null));
        assertThat(refused.nextRetry()).isEmpty();
        assertThat(refused.isEmpty()).isTrue();
    }

    private static OutboxRecord record(String topic, String key, @Nullable String resume) {
        return new OutboxRecord(1, topic, key, Map.of(), "{}", resume);
    }
}
