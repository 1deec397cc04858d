package io.licenserelay.event.kafka.publication;

import org.apache.camel.component.kafka.KafkaClientFactory;

/**
 * The publication of batches. Each batch is {@link #begin}, the step that sends with a producer of {@link #clients}, {@link #commit}
 * and {@link #abort}. Only {@link #takeOver} may be called from another thread.
 */
public interface Publication {

    /** This relay begins to publish. A former publisher cannot publish any more as soon as the next batch begins. Returns at once. */
    void takeOver();

    /**
     * A batch begins.
     *
     * @throws io.licenserelay.store.NotOwner if another relay publishes
     * @throws org.apache.kafka.common.KafkaException if Kafka does not accept this publisher
     */
    void begin();

    /**
     * The records of the batch become valid. They may be removed from the outbox afterwards.
     *
     * @throws org.apache.kafka.common.KafkaException if they did not become valid, or if that is unknown
     */
    void commit();

    /** Ends a batch that was not committed; does nothing after {@link #commit}. Throws nothing, because the batch has already failed. */
    void abort();

    /** Makes the producer of the step that sends. */
    KafkaClientFactory clients();
}
