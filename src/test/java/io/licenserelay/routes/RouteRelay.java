package io.licenserelay.routes;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TestStore;
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

/** A relay with several sites on one scripted SSM. It is idle until a test sends an exchange to its routes. */
final class RouteRelay implements AutoCloseable {
    /** With its name the end of a step's id. */
    static final String OTHER = "branch";

    private final ScriptedSsm ssm;
    private final Configuration configuration;
    private final Relay relay;

    private RouteRelay(ScriptedSsm ssm, Configuration configuration, Relay relay) {
        this.ssm = ssm;
        this.configuration = configuration;
        this.relay = relay;
    }

    /** @param scheduled whether to start the routes that schedule runs; their next run is far in the future */
    static RouteRelay start(Path folder, boolean scheduled) throws Exception {
        return start(folder, scheduled, List.of("hq", OTHER));
    }

    /** Starts a relay with these sites. */
    static RouteRelay start(Path folder, boolean scheduled, List<String> sites) throws Exception {
        ScriptedSsm ssm = new ScriptedSsm();
        Configuration configuration = configuration(folder, ssm, sites);
        new TopicSetup(configuration.settings()).ensure();
        Path data = folder.resolve("data");
        TestStore.current().prepare(data);
        Relay relay = new Relay(configuration, data, Clock.systemUTC());
        for (Site site : configuration.sites()) {
            insertFinishedRun(relay, site);
        }
        relay.start(Path.of("routes"), scheduled);
        TestStore.awaitOwnership(relay);
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

    /** The endpoints of all steps that send to Kafka, in routes and templates. The endpoint of the publisher is first. */
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
        TestStore.current().configuration(folder.resolve("data")).forEach(line -> yaml.append(line)
                .append('\n'));
        Files.writeString(config.resolve("relay.yaml"), yaml);
        List<String> properties = new ArrayList<>(List.of("ssm.retry.delay=5"));
        properties.add("relay.kafka.brokers=" + RealKafka.brokers());
        String prefix = RealKafka.prefix();
        for (Topic topic : Topic.values()) {
            properties.add("relay.topics." + topic.key() + "=" + prefix + "." + topic.key());
        }
        Files.write(config.resolve("application.properties"), properties);
        return Configuration.read(config, Map.of("SECRET", "secret-1", TestStore.PASSWORD, "postgres"), Map.of());
    }

    /** Stores a finished run, so that the relay does not catch up a missed run. */
    private static void insertFinishedRun(Relay relay, Site site) {
        relay.database()
                .submit(tx -> tx.execute(
                        "INSERT INTO run (id, site, cause, traceparent, started_at, finished_at) VALUES (?, ?, 'test', 't', ?, ?)",
                        site.place().id(),
                        site.name(),
                        System.currentTimeMillis(),
                        System.currentTimeMillis()));
    }
}
