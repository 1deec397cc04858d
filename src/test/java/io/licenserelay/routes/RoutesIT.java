package io.licenserelay.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.AllowedHeaders;
import io.licenserelay.event.kafka.publication.Publication;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.ssm.SsmRequests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the unchanged files of {@code routes/} with the real beans, a real HTTPS server and a real broker. */
class RoutesIT {
    /** One site per test, because the circuit breaker of a site keeps its state between tests. */
    private static final List<String> SITES =
            List.of("retried", "refused", "once", "broken", RouteRelay.OTHER, "refusing", "good", "bad");

    @TempDir
    static Path shared;

    private static RouteRelay relay;
    private static ScriptedSsm ssm;
    private static CamelContext context;
    private static ProducerTemplate template;

    @TempDir
    Path folder;

    private final int before = ssm.requests();

    @BeforeAll
    static void start() throws Exception {
        relay = RouteRelay.start(shared, false, SITES);
        ssm = relay.ssm();
        context = relay.camel();
        context.addRoutes(callers());
        template = context.createProducerTemplate();
    }

    @AfterAll
    static void stop() throws Exception {
        template.close();
        relay.close();
    }

    @AfterEach
    void restoreNormalAnswers() {
        ssm.answering(200);
    }

    @Test
    void theDefaultErrorHandlerCatchesExceptionsOfRoutesWithoutConfiguration() {
        Exchange exchange = template.request("direct:test-throws", each -> {});
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .hasMessage("not caught by a route");
        assertThat(exchange.getVariable("after")).isNull();
    }

    @Test
    void anSsmFailureReachesTheCallerAfterAllRetries() {
        ssm.answering(503);
        Exchange exchange = requestAccounts("retried");
        assertThat(caught(exchange, SsmUnavailable.class)).isNotNull();
        assertThat(exchange.getVariable("answered")).isNull();
        assertThat(requests()).as("one attempt and two retries").isEqualTo(3);
    }

    @Test
    void aRejectedRequestIsNotRetried() {
        ssm.answering(404);
        Exchange exchange = requestAccounts("refused");
        assertThat(caught(exchange, SsmException.class)).isNotNull();
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void aRequestMarkedOnlyOnceIsNotRetried() {
        ssm.answering(503);
        template.request("direct:test-once", each -> {});
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void anOpenBreakerThrowsAndSendsNothing() {
        ssm.answering(503);
        for (int call = 0; call < 4; call++) {
            assertThat(requestAccounts("broken").getVariable("answered")).isNull();
        }
        int sent = requests();
        assertThat(sent).isEqualTo(10);
        ssm.answering(200);
        for (int call = 0; call < 3; call++) {
            Exchange rejected = requestAccounts("broken");
            assertThat(caught(rejected, CallNotPermittedException.class)).isNotNull();
            assertThat(rejected.getVariable("answered")).isNull();
        }
        assertThat(requests()).isEqualTo(sent);
        assertThat(requestAccounts(RouteRelay.OTHER).getVariable("answered"))
                .as("another site has its own breaker")
                .isEqualTo(true);
    }

    @Test
    void rejectedRequestsDoNotOpenTheBreaker() {
        ssm.answering(404);
        for (int call = 0; call < 12; call++) {
            requestAccounts("refusing");
        }
        assertThat(requests()).isEqualTo(12);
        assertThat(caught(requestAccounts("refusing"), CallNotPermittedException.class))
                .isNull();
    }

    @Test
    void answerHeadersAreRemoved() {
        Exchange exchange = requestAccounts("good");
        assertThat(exchange.getVariable("answered")).isEqualTo(true);
        assertThat(exchange.getMessage().getHeaders()).isEmpty();
        assertThat(exchange.getMessage().getBody(String.class)).contains("accounts");
    }

    @Test
    void headersOfAnErrorAnswerAreRemoved() {
        for (int status : new int[] {404, 503}) {
            ssm.answering(status);
            Exchange exchange = requestAccounts("bad");
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
    void eachRecordOfABatchHasOnlyItsOwnHeaders() {
        String topic = relay.topic(Topic.COMMANDS);
        List<Message> batch = new ArrayList<>();
        for (String id : List.of("one ü", "two")) {
            Message message = new DefaultMessage(context);
            message.setHeaders(foreignHeaders());
            message.setHeader("ce_id", utf8(id));
            message.setHeader("content-type", utf8("application/cloudevents+json"));
            message.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
            message.setHeader(KafkaConstants.KEY, "key");
            message.setBody("{}");
            batch.add(message);
        }
        String publisher = relay.kafkaProducers().stream()
                .filter(uri -> uri.contains("batchWithIndividualHeaders"))
                .findFirst()
                .orElseThrow();
        send(publisher, batch, Map.of("ce_id", utf8("of the exchange")));

        assertThat(RealKafka.records(topic)).hasSize(2);
        assertThat(RealKafka.records(topic))
                .extracting(RoutesIT::headers)
                .containsExactly(
                        Map.of("ce_id", "one ü", "content-type", "application/cloudevents+json"),
                        Map.of("ce_id", "two", "content-type", "application/cloudevents+json"));
    }

    @Test
    void noProducerSendsHeadersOfOtherTransports() {
        String topic = relay.topic(Topic.DEAD_LETTERS);
        List<String> producers = relay.kafkaProducers();
        assertThat(producers).hasSizeGreaterThan(1);
        for (String producer : producers) {
            send(producer, "{}", Map.of(KafkaConstants.OVERRIDE_TOPIC, topic));
        }
        assertThat(RealKafka.records(topic)).hasSize(producers.size());
        assertThat(RealKafka.records(topic))
                .allSatisfy(record -> assertThat(headers(record)).isEmpty());
    }

    /** As one batch of the publication, because the publisher of a cluster sends nothing outside of one. */
    private static void send(String producer, Object body, Map<String, Object> extraHeaders) {
        Publication publication =
                Objects.requireNonNull(context.getRegistry().lookupByNameAndType("publication", Publication.class));
        publication.begin();
        Exchange sent = template.request(producer, exchange -> {
            exchange.getMessage().setHeaders(foreignHeaders());
            extraHeaders.forEach(exchange.getMessage()::setHeader);
            exchange.getMessage().setBody(body);
        });
        assertThat(sent.getException()).isNull();
        publication.commit();
    }

    /** Headers that HTTP, Quartz or a malicious server may have set. None of them has the form of an event header, which is UTF-8 bytes. */
    private static Map<String, Object> foreignHeaders() {
        Map<String, Object> headers = new HashMap<>();
        headers.put("Authorization", "Bearer t0ken");
        headers.put("Cookie", "session=1");
        headers.put("Set-Cookie", "session=1");
        headers.put("X-Any", "any");
        headers.put("traceparent", "00-text-of-another-01");
        headers.put("ce_text", "not of an event");
        headers.put("ce_number", 42L);
        headers.put("ce_null", null);
        headers.put("fireTime", new Date(0));
        headers.put("CamelHttpResponseCode", 200);
        headers.put("CamelBinary", new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        return headers;
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return headers;
    }

    @Test
    void theEventHeaderFilterAllowsOnlyKnownNamesWithTextBytes() {
        AllowedHeaders strategy = new AllowedHeaders();
        Exchange exchange = new DefaultExchange(context);
        byte[] binary = {(byte) 0xff, (byte) 0xfe, 0};
        assertThat(strategy.applyFilterToCamelHeaders("ce_id", utf8("ü"), exchange))
                .isFalse();
        assertThat(strategy.applyFilterToCamelHeaders("ce_id", binary, exchange))
                .isTrue();
        assertThat(strategy.applyFilterToCamelHeaders("ce_id", null, exchange)).isTrue();
        assertThat(strategy.applyFilterToCamelHeaders("ce_id", 42L, exchange)).isTrue();
        assertThat(strategy.applyFilterToCamelHeaders("Authorization", utf8("Bearer t0ken"), exchange))
                .isTrue();
    }

    @Test
    void aTypingErrorIsReportedWithFileAndLine() throws Exception {
        Path copy = Files.createDirectories(folder.resolve("routes"));
        Path file = copy.resolve("20-run.camel.yaml");
        String good = Files.readString(Path.of("routes/20-run.camel.yaml"));
        int line = 1
                + (int) good.substring(0, good.indexOf("to:"))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        Files.writeString(file, good.replaceFirst("to:", "tooo:"));
        try (CamelContext other = new DefaultCamelContext()) {
            assertThatThrownBy(() -> load(other, copy)).satisfies(thrown -> assertThat(messages(thrown))
                    .contains("20-run.camel.yaml")
                    .contains("tooo")
                    .containsPattern("line " + line + "\\b"));
        }
    }

    /** The number of requests of this test. */
    private int requests() {
        return ssm.requests() - before;
    }

    private static Exchange requestAccounts(String site) {
        return template.request("direct:test-accounts-" + site, each -> {});
    }

    /** Unwraps the exception, because Camel may wrap it. */
    private static <T extends Throwable> @Nullable T caught(Exchange exchange, Class<T> type) {
        return ObjectHelper.getException(type, exchange.getVariable("caught", Throwable.class));
    }

    /** Test routes that work like a pull, for every site: a request from the real bean, and a step that catches its exception. */
    private static RouteBuilder callers() {
        SsmRequests requests = new SsmRequests(Clock.systemUTC());
        return new RouteBuilder() {
            @Override
            public void configure() {
                for (Site site : relay.sites()) {
                    from("direct:test-accounts-" + site.name())
                            .routeId("test-accounts-" + site.name())
                            .errorHandler(noErrorHandler())
                            .setBody(exchange -> requests.accounts(site))
                            .doTry()
                            .to("direct:ssm")
                            .setVariable("answered", constant(true))
                            .doCatch(Exception.class)
                            .process(exchange ->
                                    exchange.setVariable("caught", exchange.getProperty(Exchange.EXCEPTION_CAUGHT)))
                            .end();
                }
                from("direct:test-once")
                        .routeId("test-once")
                        .setBody(exchange -> requests.accounts(relay.sites().get(SITES.indexOf("once")))
                                .onlyOnce())
                        .to("direct:ssm");
                from("direct:test-throws")
                        .routeId("test-throws")
                        .throwException(new IllegalStateException("not caught by a route"))
                        .setVariable("after", constant(true));
            }
        };
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

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
