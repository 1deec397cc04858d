package io.licenserelay.event.kafka.publication;

import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaClientFactory;

/** The publication of the only relay of a database: each record is valid as soon as Kafka has it. It uses no transactions. */
public final class PlainPublication implements Publication {
    private final KafkaClientFactory clients = new DefaultKafkaClientFactory();

    @Override
    public void takeOver() {}

    @Override
    public void begin() {}

    @Override
    public void commit() {}

    @Override
    public void abort() {}

    @Override
    public KafkaClientFactory clients() {
        return clients;
    }
}
