package io.licenserelay.app;

import io.licenserelay.config.site.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.quartz.QuartzComponent;

/** Camel's components as the routes need them. */
final class CamelComponents {
    /** What Kafka did not take in time stays in the outbox and is sent again, so nobody waits long for it to stop. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

    private CamelComponents() {}

    /** One thread fires the schedule; what is due then runs on the threads of the queue of runs. */
    static QuartzComponent quartz() {
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(new HashMap<>(Map.of("org.quartz.threadPool.threadCount", "1")));
        quartz.setInterruptJobsOnShutdown(true);
        return quartz;
    }

    /** Its producers start with their first record: the client refuses to start while no name of a broker resolves. */
    static KafkaComponent kafka(Settings settings) {
        KafkaConfiguration configuration = new KafkaConfiguration();
        configuration.setBrokers(settings.kafka().brokers());
        configuration.setRequestRequiredAcks("all");
        configuration.setEnableIdempotence(true);
        configuration.setMaxBlockMs((int) settings.kafka().maxBlock().toMillis());
        configuration.setRequestTimeoutMs((int) REQUEST_TIMEOUT.toMillis());
        configuration.setDeliveryTimeoutMs((int) DELIVERY_TIMEOUT.toMillis());
        configuration.setLingerMs(5);
        // A consumer connects again and again instead: a name that does not resolve now must not stop the syncs.
        configuration.setPreValidateHostAndPort(false);
        configuration.setAdditionalProperties(
                new LinkedHashMap<>(settings.kafka().client()));
        KafkaComponent component = new KafkaComponent();
        component.setLazyStartProducer(true);
        component.setConfiguration(configuration);
        return component;
    }
}
