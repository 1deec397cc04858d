package io.licenserelay.event.kafka.publication;

import io.licenserelay.threads.WorkerThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer that Camel holds as long as the relay runs. The transactional producer behind it is replaced, because a fenced one can
 * never send again. Records that Kafka does not answer fail some time after the start of their transaction: Kafka's own delivery timeout does
 * not pass while a transactional producer waits for its coordinator.
 */
final class ReplaceableProducer implements Producer<Object, Object> {
    private static final Logger LOG = LoggerFactory.getLogger(ReplaceableProducer.class);

    /** How long the stop of the relay waits for Kafka. A transaction whose coordinator does not answer would wait for ever. */
    private static final Duration CLOSE = Duration.ofSeconds(3);

    /** For what comes before the delivery of the records. */
    private static final Duration START = Duration.ofSeconds(2);

    private static final Duration DEFAULT_DELIVERY = Duration.ofMinutes(2);

    private final Properties properties;
    private final Function<Properties, Producer<?, ?>> factory;
    private final ScheduledExecutorService timer = WorkerThreads.timer();
    private final Set<Answer> awaited = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Producer<Object, Object> transactional;
    private volatile @Nullable TimeoutException expired;
    private @Nullable Future<?> expiry;

    ReplaceableProducer(Properties properties, Function<Properties, Producer<?, ?>> factory) {
        this.properties = properties;
        this.factory = factory;
    }

    boolean isOpen() {
        return transactional != null;
    }

    /** Makes a producer with a new epoch, and waits until Kafka has ended a transaction of the epoch before. */
    void open() {
        @SuppressWarnings("unchecked") // both are what the properties name, as for Camel itself
        Producer<Object, Object> opened = (Producer<Object, Object>) factory.apply(properties);
        transactional = opened;
        opened.initTransactions();
    }

    /** Closes the producer without waiting; what it has not sent is lost. */
    void discard() {
        stopTimer();
        Producer<Object, Object> discarded = transactional;
        transactional = null;
        if (discarded != null) {
            try {
                discarded.close(Duration.ZERO);
            } catch (KafkaException e) {
                LOG.debug("a discarded producer was not closed in order", e);
            }
        }
    }

    private Producer<Object, Object> current() {
        Producer<Object, Object> current = transactional;
        if (current == null) {
            throw new IllegalStateException("no batch has begun");
        }
        return current;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<Object, Object> record) {
        return send(record, null);
    }

    /**
     * Reports each failure only to the callback, and once. Kafka's producer throws some of them in the middle of a batch, and Camel
     * then ends the exchange twice: at once, and when the earlier records are answered.
     */
    @Override
    public Future<RecordMetadata> send(ProducerRecord<Object, Object> record, @Nullable Callback callback) {
        Answer answer = new Answer(callback);
        TimeoutException late = expired;
        if (late != null) {
            answer.onCompletion(null, late);
            return CompletableFuture.failedFuture(late);
        }
        awaited.add(answer);
        try {
            return current().send(record, answer);
        } catch (KafkaException | IllegalStateException e) {
            answer.onCompletion(null, e);
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The answer to one record, which counts once. */
    private final class Answer implements Callback {
        private final @Nullable Callback callback;
        private final AtomicBoolean called = new AtomicBoolean();

        Answer(@Nullable Callback callback) {
            this.callback = callback;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception thrown) {
            awaited.remove(this);
            if (callback != null && called.compareAndSet(false, true)) {
                callback.onCompletion(metadata, thrown);
            }
        }
    }

    private synchronized void startTimer() {
        stopTimer();
        Object delivery = properties.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        Duration limit = START.plus(
                delivery == null ? DEFAULT_DELIVERY : Duration.ofMillis(Long.parseLong(delivery.toString())));
        expiry = timer.schedule(() -> expire(limit), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void stopTimer() {
        Future<?> running = expiry;
        if (running != null) {
            running.cancel(false);
            expiry = null;
        }
        expired = null;
    }

    private void expire(Duration limit) {
        TimeoutException late =
                new TimeoutException("Kafka did not answer within " + limit.toMillis() + " ms after the batch began");
        synchronized (this) {
            if (expiry == null) {
                return;
            }
            expired = late;
        }
        awaited.forEach(answer -> answer.onCompletion(null, late));
    }

    @Override
    public void initTransactions() {
        current().initTransactions();
    }

    @Override
    public void beginTransaction() {
        current().beginTransaction();
        startTimer();
    }

    @Override
    @Deprecated
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, String group) {
        current().sendOffsetsToTransaction(offsets, group);
    }

    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        current().sendOffsetsToTransaction(offsets, group);
    }

    @Override
    public void commitTransaction() {
        stopTimer();
        current().commitTransaction();
    }

    @Override
    public void abortTransaction() {
        stopTimer();
        current().abortTransaction();
    }

    @Override
    public void flush() {
        current().flush();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return current().partitionsFor(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        Producer<Object, Object> current = transactional;
        return current == null ? Map.of() : current.metrics();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return current().clientInstanceId(timeout);
    }

    /** What was not sent stays in the outbox. */
    @Override
    public void close() {
        close(CLOSE);
    }

    @Override
    public void close(Duration timeout) {
        stopTimer();
        Producer<Object, Object> closed = transactional;
        transactional = null;
        if (closed != null) {
            closed.close(timeout);
        }
    }
}
