package io.licenserelay.routes;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;

/** A relay with some sites at one scripted SSM, and nothing to do until a test sends something to its routes. */
final class RouteRelay implements AutoCloseable {
    static final String OTHER = "branch_2";

    private final ScriptedSsm ssm;
    private final Configuration configuration;
    private final Relay relay;

    private RouteRelay(ScriptedSsm ssm, Configuration configuration, Relay relay) {
        this.ssm = ssm;
        this.configuration = configuration;
        this.relay = relay;
    }

    /** @param scheduled with the routes that make runs by themselves too; their time is far away */
    static RouteRelay start(Path folder, boolean scheduled) throws Exception {
        return start(folder, scheduled, List.of("hq", OTHER));
    }

    /** The same with these sites. */
    static RouteRelay start(Path folder, boolean scheduled, List<String> sites) throws Exception {
        ScriptedSsm ssm = new ScriptedSsm();
        Configuration configuration = configuration(folder, ssm, sites);
        new TopicSetup(configuration.settings()).ensure();
        Path data = folder.resolve("data");
        MigratedStore.into(data);
        Relay relay = new Relay(configuration, data, Clock.systemUTC());
        for (Site site : configuration.sites()) {
            synced(relay, site);
        }
        relay.start(Path.of("routes"), scheduled);
        return new RouteRelay(ssm, configuration, relay);
    }

    ScriptedSsm ssm() {
        return ssm;
    }

    CamelContext camel() {
        return relay.camel();
    }

    List<Site> sites() {
        return configuration.sites();
    }

    String topic(Topic topic) {
        return configuration.settings().topic(topic);
    }

    List<RouteDefinition> routes() {
        return ((ModelCamelContext) camel()).getRouteDefinitions();
    }

    /** The endpoints of every step of a route or template that sends to Kafka, the publisher's first. */
    List<String> kafkaProducers() {
        ModelCamelContext model = (ModelCamelContext) camel();
        Stream<RouteDefinition> templates =
                model.getRouteTemplateDefinitions().stream().map(RouteTemplateDefinition::getRoute);
        return Stream.concat(model.getRouteDefinitions().stream(), templates)
                .flatMap(route ->
                        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class).stream())
                .map(ToDefinition::getEndpointUri)
                .filter(Objects::nonNull)
                .filter(uri -> uri.startsWith("kafka:"))
                .distinct()
                .toList();
    }

    @Override
    public void close() throws Exception {
        relay.close();
        ssm.close();
    }

    private static Configuration configuration(Path folder, ScriptedSsm ssm, List<String> sites) throws Exception {
        Path config = Files.createDirectories(folder.resolve("config"));
        Path trust = ssm.trust(folder);
        StringBuilder yaml = new StringBuilder("sites:\n");
        for (String name : sites) {
            yaml.append("  - name: ").append(name).append('\n');
            yaml.append("    schedule: \"0 0 0 1 1 ? 2099\"\n");
            yaml.append("    ssm: { url: \"")
                    .append(ssm.url())
                    .append("\", trust: \"")
                    .append(trust);
            yaml.append("\", client: { id: relay, secret: \"env:SECRET\" } }\n");
        }
        Files.writeString(config.resolve("relay.yaml"), yaml);
        List<String> properties = new ArrayList<>(List.of("ssm.retry.delay=5"));
        properties.add("relay.kafka.brokers=" + RealKafka.brokers());
        String prefix = RealKafka.prefix();
        for (Topic topic : Topic.values()) {
            properties.add("relay.topics." + topic.key() + "=" + prefix + "." + topic.key());
        }
        Files.write(config.resolve("application.properties"), properties);
        return Configuration.read(config, Map.of("SECRET", "secret-1"), Map.of());
    }

    /** A run that was done, so that none is caught up. */
    private static void synced(Relay relay, Site site) {
        relay.database()
                .write(
                        Database.RELAY,
                        tx -> tx.execute(
                                "INSERT INTO run (id, site, cause, traceparent, started_at, finished_at) VALUES (?, ?, 'test', 't', ?, ?)",
                                site.place().id(),
                                site.name(),
                                System.currentTimeMillis(),
                                System.currentTimeMillis()));
    }
}
