package io.licenserelay.event.kafka.publication;

import io.licenserelay.store.Database;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publication of relays that share a database. Each batch is a Kafka transaction of the one transactional id of these relays. A
 * relay that begins to publish takes a new epoch of the id: Kafka then aborts an open transaction of the former publisher and refuses
 * its later records, even if it was only paused and knows nothing of the change. So no older event follows a newer one.
 */
public final class FencedPublication implements Publication {
    private static final Logger LOG = LoggerFactory.getLogger(FencedPublication.class);

    /** If no relay publishes, the broker aborts an open transaction after this time, and consumers continue behind it. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    private final String transactionalId;
    private final Database database;
    private final KafkaClientFactory clients = new Clients();

    /** Whether this relay has begun to publish since it took its epoch. */
    private final AtomicBoolean outdated = new AtomicBoolean();

    private volatile @Nullable ReplaceableProducer producer;
    private volatile boolean begun;

    public FencedPublication(String transactionalId, Database database) {
        this.transactionalId = transactionalId;
        this.database = database;
    }

    /** @param relay the name of the relay, which all relays of a cluster share */
    public static String transactionalId(String relay) {
        return relay + "-publish";
    }

    @Override
    public void takeOver() {
        outdated.set(true);
    }

    @Override
    public void begin() {
        begun = true;
        ReplaceableProducer current = producer;
        // Camel makes its producer when it sends the first batch; see Clients.
        if (current != null) {
            begin(current);
        }
    }

    private void begin(ReplaceableProducer current) {
        if (outdated.getAndSet(false)) {
            current.discard();
        }
        if (!current.isOpen()) {
            takeEpoch(current);
        }
        current.beginTransaction();
    }

    /**
     * The first check keeps a former publisher from fencing its successor. The second check finds that this relay was replaced
     * between the first one and the new epoch, as happens in a pause: it must not send then, and the successor takes a further
     * epoch. A relay that is replaced after the second check is fenced by the epoch of its successor.
     */
    private void takeEpoch(ReplaceableProducer current) {
        requireOwner();
        try {
            current.open();
            requireOwner();
        } catch (RuntimeException e) {
            current.discard();
            throw named(e);
        }
        LOG.info("publishes with a new epoch of the transactional id {}", transactionalId);
    }

    /** @throws io.licenserelay.store.NotOwner if another relay publishes; the database decides, not this relay's memory */
    private void requireOwner() {
        database.write(Database.RELAY, tx -> true);
    }

    private RuntimeException named(RuntimeException thrown) {
        return ObjectHelper.getException(TransactionalIdAuthorizationException.class, thrown) == null
                ? thrown
                : new TransactionalIdAuthorizationException("the user of the relay may not use the transactional id "
                        + transactionalId + "; request the ACLs that license-relay requirements lists");
    }

    @Override
    public void commit() {
        ReplaceableProducer current = producer;
        if (current == null) {
            throw new IllegalStateException(
                    "the step that sends the batch has no kafkaClientFactory \"#publicationClients\"");
        }
        current.commitTransaction();
        begun = false;
    }

    @Override
    public void abort() {
        ReplaceableProducer current = producer;
        if (!begun || current == null) {
            return;
        }
        begun = false;
        try {
            current.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            // Fenced, timed out or never begun: only a new producer can continue. The broker aborts what is open.
            LOG.debug("a new producer replaces one that cannot abort its transaction", e);
            current.discard();
        }
    }

    @Override
    public KafkaClientFactory clients() {
        return clients;
    }

    private final class Clients extends DefaultKafkaClientFactory {
        /**
         * Camel calls this when it sends its first batch, which has begun before. If this fails, Camel sends nothing, and calls it
         * again with the next batch.
         */
        @Override
        public Producer<?, ?> getProducer(Properties properties) {
            ReplaceableProducer current = producer;
            if (current == null) {
                current = new ReplaceableProducer(transactional(properties), super::getProducer);
                producer = current;
                if (begun) {
                    begin(current);
                }
            }
            return current;
        }

        private Properties transactional(Properties properties) {
            Properties all = new Properties();
            all.putAll(properties);
            all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
            all.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
            return all;
        }
    }
}
