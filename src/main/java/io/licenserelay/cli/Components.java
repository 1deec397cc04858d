package io.licenserelay.cli;

import io.licenserelay.site.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;

/** Camel's components as the routes need them. */
final class Components {
    /** What Kafka did not take in time stays in the outbox and is sent again, so nobody waits long for it to stop. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

    private Components() {}

    /** The same, whose producers ask for no broker before they send. */
    static KafkaComponent unconnectedKafka(Settings settings) {
        KafkaComponent component = kafka(settings);
        component.setLazyStartProducer(true);
        return component;
    }

    static KafkaComponent kafka(Settings settings) {
        KafkaConfiguration configuration = new KafkaConfiguration();
        configuration.setBrokers(settings.kafka().brokers());
        configuration.setRequestRequiredAcks("all");
        configuration.setEnableIdempotence(true);
        configuration.setMaxBlockMs((int) settings.kafka().maxBlock().toMillis());
        configuration.setRequestTimeoutMs((int) REQUEST_TIMEOUT.toMillis());
        configuration.setDeliveryTimeoutMs((int) DELIVERY_TIMEOUT.toMillis());
        configuration.setLingerMs(5);
        configuration.setAdditionalProperties(
                new LinkedHashMap<>(settings.kafka().client()));
        KafkaComponent component = new KafkaComponent();
        component.setConfiguration(configuration);
        return component;
    }
}
