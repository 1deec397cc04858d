package io.licenserelay.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.cli.Relay;
import io.licenserelay.event.Topics;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.site.Configuration;
import io.licenserelay.site.Site;
import io.licenserelay.site.Topic;
import io.licenserelay.ssm.SsmException;
import io.licenserelay.ssm.SsmUnavailable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in {@code routes/} as they lie there, with the real beans, a real HTTPS server and a real broker. */
class RoutesTest extends CamelTestSupport {
    private static final String OTHER = "branch_2";

    @TempDir
    Path folder;

    private ScriptedSsm ssm;
    private Relay relay;
    private Configuration configuration;

    @Override
    public void configureTest(TestExecutionConfiguration test) {
        super.configureTest(test);
        test.withUseRouteBuilder(false).withAutoStartContext(false);
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        ssm = new ScriptedSsm();
        configuration = configuration();
        new Topics(configuration.settings()).ensure();
        relay = new Relay(configuration, Files.createDirectories(folder.resolve("data")), Clock.systemUTC());
        for (Site site : configuration.sites()) {
            synced(site);
        }
        relay.start(Path.of("routes"), true);
        return relay.camel();
    }

    @Override
    protected void doPostSetup() throws Exception {
        context.addRoutes(callers());
    }

    @Override
    protected void doPostTearDown() throws Exception {
        relay.close();
        ssm.close();
    }

    @Test
    void everyRouteIsUnderTheNetOrLeavesItsErrorsToItsCaller() {
        List<RouteDefinition> routes = ((ModelCamelContext) context).getRouteDefinitions();
        assertThat(routes)
                .extracting(RouteDefinition::getRouteId)
                .contains(
                        "run",
                        "look-into",
                        "va",
                        "failure",
                        "publish",
                        "ssm-hq",
                        "pull-hq",
                        "account-hq",
                        "schedule-hq",
                        "catch-up-hq",
                        "commands",
                        "schedule-" + OTHER);
        for (RouteDefinition route : routes) {
            String uri = route.getInput().getEndpointUri();
            boolean calledOnly = uri.startsWith("direct:") && !uri.equals("direct:run");
            boolean leaves = route.getErrorHandler() != null
                    && route.getErrorHandler().getErrorHandlerType() instanceof NoErrorHandlerDefinition;
            boolean named = "ssm-retries".equals(route.getRouteConfigurationId());
            boolean caught = !leaves
                    && !named
                    && route.getAppliedRouteConfigurationIds() != null
                    && !route.getAppliedRouteConfigurationIds().isEmpty();
            if (!route.getRouteId().startsWith("test-")) {
                assertThat(calledOnly ? leaves || named : caught)
                        .as("%s from %s", route.getRouteId(), uri)
                        .isTrue();
            }
        }
    }

    @Test
    void theNetCatchesWhatARouteWithoutConfigurationThrows() {
        Exchange exchange = template.request("direct:test-throws", each -> {});
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .hasMessage("nobody caught this");
        assertThat(exchange.getProperty("after")).isNull();
    }

    @Test
    void whatSsmDoesNotAnswerReachesTheCallerOnceTheRetriesAreUsedUp() {
        ssm.answering(503);
        Exchange exchange = ask("hq");
        assertThat(caught(exchange, SsmUnavailable.class)).isNotNull();
        assertThat(exchange.getProperty("answered")).isNull();
        assertThat(ssm.requests()).as("one try and two more").isEqualTo(3);
    }

    @Test
    void aRefusalIsNotRepeated() {
        ssm.answering(404);
        Exchange exchange = ask("hq");
        assertThat(caught(exchange, SsmException.class)).isNotNull();
        assertThat(ssm.requests()).isEqualTo(1);
    }

    @Test
    void whatMustNotBeRepeatedIsNotRepeated() {
        ssm.answering(503);
        template.request("direct:test-once-hq", each -> {});
        assertThat(ssm.requests()).isEqualTo(1);
    }

    @Test
    void anOpenBreakerThrowsAndSendsNothing() {
        ssm.answering(503);
        for (int call = 0; call < 4; call++) {
            assertThat(ask("hq").getProperty("answered")).isNull();
        }
        int sent = ssm.requests();
        assertThat(sent).isEqualTo(10);
        ssm.answering(200);
        for (int call = 0; call < 3; call++) {
            Exchange rejected = ask("hq");
            assertThat(caught(rejected, CallNotPermittedException.class)).isNotNull();
            assertThat(rejected.getProperty("answered")).isNull();
        }
        assertThat(ssm.requests()).isEqualTo(sent);
        assertThat(ask(OTHER).getProperty("answered"))
                .as("another site has its own breaker")
                .isEqualTo(true);
    }

    @Test
    void refusalsDoNotOpenTheBreaker() {
        ssm.answering(404);
        for (int call = 0; call < 12; call++) {
            ask("hq");
        }
        assertThat(ssm.requests()).isEqualTo(12);
        assertThat(caught(ask("hq"), CallNotPermittedException.class)).isNull();
    }

    @Test
    void ofAnAnswersHeadersOnlyTheStatusStays() {
        Exchange exchange = ask("hq");
        assertThat(exchange.getProperty("answered")).isEqualTo(true);
        assertThat(exchange.getMessage().getHeaders()).containsOnlyKeys(Exchange.HTTP_RESPONSE_CODE);
        assertThat(exchange.getMessage().getBody(String.class)).contains("accounts");
    }

    @Test
    void aBadAnswersHeadersDoNotStayEither() {
        for (int status : new int[] {404, 503}) {
            ssm.answering(status);
            Exchange exchange = ask("hq");
            assertThat(caught(exchange, SsmException.class)).isNotNull();
            assertThat(exchange.getMessage().getHeaders().values())
                    .as("after %d", status)
                    .noneMatch(value -> String.valueOf(value).contains("stolen"));
            assertThat(exchange.getMessage().getHeaders())
                    .doesNotContainKeys(
                            KafkaConstants.OVERRIDE_TOPIC,
                            "CamelKafkaOverrideTopic",
                            "Authorization",
                            "Set-Cookie",
                            "CamelHttpUri",
                            "X-Any");
        }
    }

    @Test
    void onlyAnEventsOwnHeadersGoOutWithARecordAndAllAreText() throws Exception {
        String topic = configuration.settings().topic(Topic.SYNCS);
        Map<String, Object> headers = new HashMap<>();
        headers.put("ce_id", "id ü".getBytes(StandardCharsets.UTF_8));
        headers.put("content-type", "application/cloudevents+json".getBytes(StandardCharsets.UTF_8));
        headers.put("Authorization", "Bearer t0ken");
        headers.put("Cookie", "session=1");
        headers.put("ce_number", 42L);
        headers.put("ce_null", null);
        headers.put("ce_binary", new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        headers.put("X-Any", "any".getBytes(StandardCharsets.UTF_8));
        Message one = new DefaultMessage(context);
        one.setHeaders(new HashMap<>(headers));
        one.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
        one.setHeader(KafkaConstants.KEY, "key");
        one.setBody("{}");
        Exchange sent = template.request(kafkaUris().get(0), exchange -> {
            exchange.getMessage().setHeaders(new HashMap<>(headers));
            exchange.getMessage().setBody(List.of(one));
        });
        assertThat(sent.getException()).isNull();

        List<ConsumerRecord<String, byte[]>> records = RealKafka.records(topic);
        assertThat(records).hasSize(1);
        List<String> names = new ArrayList<>();
        for (Header header : records.get(0).headers()) {
            names.add(header.key());
            assertThat(utf8(header.value())).as(header.key()).isTrue();
        }
        assertThat(names).containsExactlyInAnyOrder("ce_id", "content-type");
    }

    @Test
    void everyKafkaProducerOfTheRoutesHasAnAllowList() {
        List<String> uris = kafkaUris();
        assertThat(uris).hasSizeGreaterThan(1);
        for (String uri : uris) {
            Matcher bean = Pattern.compile("headerFilterStrategy=#(\\w+)").matcher(uri);
            assertThat(bean.find()).as(uri).isTrue();
            HeaderFilterStrategy strategy =
                    context.getRegistry().lookupByNameAndType(bean.group(1), HeaderFilterStrategy.class);
            Exchange exchange = new DefaultExchange(context);
            byte[] text = "text".getBytes(StandardCharsets.UTF_8);
            for (String name : List.of("Authorization", "Cookie", "X-Any", "CamelHttpUri", "kafka.OVERRIDE_TOPIC")) {
                assertThat(strategy.applyFilterToCamelHeaders(name, text, exchange))
                        .as("%s at %s", name, uri)
                        .isTrue();
            }
        }
    }

    @Test
    void aTypingErrorIsToldWithFileAndLine() throws Exception {
        Path copy = Files.createDirectories(folder.resolve("routes"));
        Path file = copy.resolve("20-run.camel.yaml");
        String good = Files.readString(Path.of("routes/20-run.camel.yaml"));
        int line = 1
                + (int) good.substring(0, good.indexOf("toD:"))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        Files.writeString(file, good.replaceFirst("toD:", "tooD:"));
        try (CamelContext other = new DefaultCamelContext()) {
            assertThatThrownBy(() -> load(other, copy)).satisfies(thrown -> assertThat(messages(thrown))
                    .contains("20-run.camel.yaml")
                    .contains("tooD")
                    .containsPattern("line " + line + "\\b"));
        }
    }

    private Exchange ask(String site) {
        return template.request("direct:test-ask-" + site, each -> {});
    }

    /** Camel may wrap what is thrown. */
    private static <T extends Throwable> @Nullable T caught(Exchange exchange, Class<T> type) {
        return ObjectHelper.getException(type, exchange.getProperty("caught", Throwable.class));
    }

    /** What a pull does, for every site: a request by the real bean, and the edge that catches. */
    private RouteBuilder callers() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                for (Site site : configuration.sites()) {
                    from("direct:test-ask-" + site.name())
                            .routeId("test-ask-" + site.name())
                            .errorHandler(noErrorHandler())
                            .setProperty("site", constant(site))
                            .doTry()
                            .to("bean:ssmRequests?method=accounts")
                            .to("direct:ssm-" + site.name())
                            .setProperty("answered", constant(true))
                            .doCatch(Exception.class)
                            .process(exchange ->
                                    exchange.setProperty("caught", exchange.getProperty(Exchange.EXCEPTION_CAUGHT)))
                            .end();
                }
                from("direct:test-once-hq")
                        .routeId("test-once-hq")
                        .setProperty("site", constant(configuration.sites().get(0)))
                        .to("bean:ssmRequests?method=accounts")
                        .setProperty("repeatable", constant(false))
                        .to("direct:ssm-hq");
                from("direct:test-throws")
                        .routeId("test-throws")
                        .throwException(new IllegalStateException("nobody caught this"))
                        .setProperty("after", constant(true));
            }
        };
    }

    private List<String> kafkaUris() {
        return ((ModelCamelContext) context)
                .getRouteDefinitions().stream()
                        .flatMap(route ->
                                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)
                                        .stream())
                        .map(ToDefinition::getEndpointUri)
                        .filter(Objects::nonNull)
                        .filter(uri -> uri.startsWith("kafka:"))
                        .toList();
    }

    private Configuration configuration() throws Exception {
        Path config = Files.createDirectories(folder.resolve("config"));
        Path trust = ssm.trust(folder);
        StringBuilder yaml = new StringBuilder("sites:\n");
        for (String name : List.of("hq", OTHER)) {
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
    private void synced(Site site) {
        relay.database()
                .write(tx -> tx.execute(
                        "INSERT INTO run (id, site, cause, trace_id, started_at, finished_at) VALUES (?, ?, 'test', 't', ?, ?)",
                        site.place().id(),
                        site.name(),
                        System.currentTimeMillis(),
                        System.currentTimeMillis()));
    }

    private static void load(CamelContext camel, Path routes) throws Exception {
        List<Resource> resources = new ArrayList<>();
        try (Stream<Path> files = Files.list(routes)) {
            for (Path file : files.sorted().toList()) {
                resources.add(PluginHelper.getResourceLoader(camel).resolveResource("file:" + file));
            }
        }
        PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
    }

    private static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            all.append(each.getMessage()).append('\n');
        }
        return all.toString();
    }

    private static boolean utf8(byte[] bytes) {
        return catchThrowable(() -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes))) == null;
    }
}
