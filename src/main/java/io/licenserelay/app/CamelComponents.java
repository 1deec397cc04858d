package io.licenserelay.app;

import io.licenserelay.config.site.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.support.SimpleTypeConverter;

/** Configures Camel's components for the routes. */
final class CamelComponents {
    /** Short, because an event that Kafka does not accept in time stays in the outbox and is sent again. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

    private CamelComponents() {}

    /**
     * Converts the level of each {@code log} step. Without this converter Camel searches all its converters for each step of each route,
     * which takes a twentieth of a start.
     */
    static void convertLogLevels(CamelContext context) {
        context.getTypeConverterRegistry()
                .addTypeConverter(
                        LoggingLevel.class,
                        String.class,
                        new SimpleTypeConverter(
                                false,
                                (type, exchange, value) ->
                                        LoggingLevel.valueOf(value.toString().toUpperCase(Locale.ROOT))));
    }

    /** Quartz with one thread that only fires the schedule. The due runs use the threads of the run queue. */
    static QuartzComponent quartz() {
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(new HashMap<>(Map.of(
                "org.quartz.threadPool.threadCount",
                "1",
                // Quartz gives relays of one process the same scheduler if its name is the same, and the schedule of
                // the later
                // one replaces that of the other.
                "org.quartz.scheduler.instanceName",
                "license-relay-" + UUID.randomUUID())));
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
        // Otherwise Camel gives every endpoint the only factory of the registry, whose one producer is for the
        // publication.
        component.setKafkaClientFactory(new DefaultKafkaClientFactory());
        component.setLazyStartProducer(true);
        component.setConfiguration(configuration);
        return component;
    }
}
