package io.licenserelay.event.kafka.publication;

import io.licenserelay.event.Event;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.store.Database;
import io.licenserelay.store.postgres.PostgresDatabase;
import io.licenserelay.store.postgres.SiteLease;
import io.licenserelay.store.postgres.SiteLeases;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The publisher of one of several relays that share a database, step by step. */
final class SharedPublisher implements AutoCloseable, SiteLeases {
    private final String node;
    private final Database database;
    private final Outbox outbox;
    private final FencedPublication publication;
    private @Nullable Producer<Object, Object> producer;
    private volatile @Nullable SiteLease lease;

    /** Runs each time that the relay is about to write. */
    private volatile Runnable beforeWrite = () -> {};

    SharedPublisher(String node, String url, String transactionalId) {
        this.node = node;
        this.database = PostgresDatabase.open(url, PostgresServer::administrator, this);
        this.outbox = new Outbox(database, new LicenseEvents(), Clock.systemUTC());
        this.publication = new FencedPublication(transactionalId, database);
    }

    @Override
    public Optional<SiteLease> of(String site) {
        beforeWrite.run();
        return Optional.ofNullable(lease);
    }

    @Override
    public boolean works(String site) {
        return lease != null;
    }

    /** Takes over the publication, as a node that finds the former owner dead. The former owner does not notice. */
    void takeOver(long epoch) {
        database.submit(tx -> tx.execute(
                "INSERT INTO site_owner (site, node, epoch) VALUES (?, ?, ?)"
                        + " ON CONFLICT (site) DO UPDATE SET node = excluded.node, epoch = excluded.epoch",
                Database.RELAY,
                node,
                epoch));
        lease = new SiteLease(node, epoch);
        publication.takeOver();
    }

    void beforeWrite(Runnable action) {
        beforeWrite = action;
    }

    FencedPublication publication() {
        return publication;
    }

    void append(String topic, String key, String value) {
        database.write(Database.RELAY, tx -> {
            outbox.append(tx, topic, new Event(value, key, Map.of(), value));
            return 1;
        });
    }

    List<OutboxRecord> next() {
        return outbox.next(500);
    }

    long waiting() {
        return outbox.waiting().rows();
    }

    /** Sends the batch and waits until Kafka has it. */
    void send(List<OutboxRecord> batch) throws InterruptedException {
        List<Future<?>> sent = new ArrayList<>();
        for (OutboxRecord each : batch) {
            sent.add(producer().send(new ProducerRecord<>(each.topic(), each.key(), each.value())));
        }
        for (Future<?> each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e);
            }
        }
    }

    void published(List<OutboxRecord> batch) {
        outbox.published(batch);
    }

    /** One batch in the order of the routes {@code publish-batch} and {@code publish-send}. */
    void publish() throws InterruptedException {
        List<OutboxRecord> batch = next();
        try {
            publication.begin();
            send(batch);
            publication.commit();
            published(batch);
        } finally {
            publication.abort();
        }
    }

    /** As Camel makes it: with the first batch that is sent. */
    @SuppressWarnings("unchecked")
    private Producer<Object, Object> producer() {
        Producer<Object, Object> made = producer;
        if (made == null) {
            Properties properties = new Properties();
            properties.putAll(Map.of(
                    "bootstrap.servers",
                    RealKafka.brokers(),
                    "key.serializer",
                    StringSerializer.class.getName(),
                    "value.serializer",
                    StringSerializer.class.getName(),
                    "max.block.ms",
                    "10000"));
            made = (Producer<Object, Object>) publication.clients().getProducer(properties);
            producer = made;
        }
        return made;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
        database.close();
    }
}
