package io.licenserelay.event.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.EventSchemas;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.text.Json;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the unchanged examples of {@code docs/extend} in a relay with a site that fails and recovers. */
@Timeout(120)
class HookRecipesIT {
    private static final Path PAGES = Path.of("docs/extend");

    @TempDir
    Path folder;

    private final ExecutorService answers = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch testEnd = new CountDownLatch(1);
    private HttpServer server;
    private SsmSimulator ssm;

    /** A request to the local server. */
    private record Received(String method, String uri, String type, String body) {
        JsonNode json() {
            return Json.stored(body, "a body");
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(answers);
        server.start();
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        testEnd.countDown();
        ssm.close();
        server.stop(0);
        answers.shutdownNow();
    }

    @Test
    void theWebhookReceivesTheSameIncidentEventsAsKafka() throws Exception {
        answer("/hook", exchange -> send(exchange, ""));
        try (TempRelay relay = relay("webhook", "webhook.url", url("/hook")).start()) {
            List<FailureEvent> events = failAndRecover(relay);

            await().until(() -> received.size() == events.size());
            assertThat(received).extracting(Received::method).containsOnly("POST");
            assertThat(received).extracting(Received::type).containsOnly("application/cloudevents+json");
            assertThat(received)
                    .extracting(Received::json)
                    .isEqualTo(events.stream().map(FailureEvent::json).toList());
        }
    }

    @Test
    void slackReceivesSummaryCauseAndNextStepAsPlainText() throws Exception {
        answer("/slack", exchange -> send(exchange, "ok"));
        try (TempRelay relay = relay("slack", "slack.webhook", url("/slack")).start()) {
            List<FailureEvent> events = failAndRecover(relay);

            await().until(() -> received.size() == events.size());
            FailureEvent trigger = events.get(0);
            JsonNode text = received.get(0).json().at("/blocks/0/text");
            assertThat(text.path("type").asText()).isEqualTo("plain_text");
            assertThat(text.path("text").asText())
                    .isEqualTo("[trigger] " + trigger.text("/data/summary") + "\nCause: "
                            + trigger.text("/data/diagnosis/title") + " (" + trigger.code() + ")\nNext step: "
                            + trigger.text("/data/diagnosis/remedy/0"));
            assertThat(received.get(1).json().at("/blocks/0/text/text").asText())
                    .startsWith("[resolve] ")
                    .doesNotContain("Next step");
        }
    }

    @Test
    void aMailIsSentForEachIncident() throws Exception {
        GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.setUser("license-relay", "mail-password-1");
        mails.start();
        try (TempRelay relay = relay(
                        "mail",
                        "mail.server",
                        "smtp://127.0.0.1:" + mails.getSmtp().getPort())
                .setting("mail.from", "license-relay@example.net")
                .setting("mail.to", "network-operations@example.net")
                .setting("mail.user", "license-relay")
                .setting("mail.password", "mail-password-1")
                .start()) {
            List<FailureEvent> events = failAndRecover(relay);

            await().until(() -> mails.getReceivedMessages().length == events.size());
            MimeMessage mail = mails.getReceivedMessages()[0];
            FailureEvent trigger = events.get(0);
            assertThat(mail.getSubject()).isEqualTo("[trigger] " + trigger.text("/data/summary"));
            assertThat(mail.getAllRecipients()[0]).hasToString("network-operations@example.net");
            assertThat(mail.getContent().toString())
                    .contains("Cause: " + trigger.text("/data/diagnosis/title") + " (" + trigger.code() + ")")
                    .contains("Severity: " + trigger.text("/data/severity"));
        } finally {
            mails.stop();
        }
    }

    @Test
    void triggerAndResolveEventsHaveTheRedactedOwnerFromTheCmdb() throws Exception {
        answer(
                "/owner",
                exchange -> send(exchange, "{\"owner\": \"Network Operations\", \"login\": \"relay-secret-1\"}"));
        try (TempRelay relay = relay("enrich", "cmdb.url", url("/owner")).start()) {
            List<FailureEvent> events = failAndRecover(relay);

            assertThat(received).extracting(Received::uri).containsOnly("/owner?host=localhost");
            assertThat(received).extracting(Received::method).containsOnly("GET");
            assertThat(events).hasSize(2).allSatisfy(event -> {
                assertThat(event.text("/data/extra/owner")).isEqualTo("Network Operations");
                assertThat(event.text("/data/extra/login")).isNotEmpty().doesNotContain("relay-secret-1");
                assertFitsSchema(event);
            });
        }
    }

    @Test
    void anUnresponsiveCmdbAddsANoteAndTheEventIsPublished() throws Exception {
        answer("/owner", exchange -> blockUntil(testEnd));
        try (TempRelay relay = relay("enrich", "cmdb.url", url("/owner")).start()) {
            ssm.faults().set("bad-gateway");

            relay.sync();

            FailureEvent event = relay.failures().get(0);
            assertThat(event.text("/data/extraNote"))
                    .isEqualTo("hook enrich-incident: it failed with SocketTimeoutException");
            assertThat(event.json().at("/data/extra").isMissingNode()).isTrue();
            assertFitsSchema(event);
        }
    }

    @Test
    void severalRoutesShareOneHookAndTheRouteAfterSyncReceivesEachRun() throws Exception {
        answer("/", exchange -> send(exchange, ""));
        Path routes = routes();
        Files.writeString(routes.resolve("58-published.camel.yaml"), example("hooks"));
        Files.writeString(
                routes.resolve("58-webhook.camel.yaml"),
                example("webhook").replace("direct:incident-published", "direct:webhook"));
        Files.writeString(
                routes.resolve("58-slack.camel.yaml"),
                example("slack").replace("direct:incident-published", "direct:slack"));
        Files.writeString(
                routes.resolve("58-after.camel.yaml"),
                example("webhook")
                        .replace("webhook.url", "after.url")
                        .replace("direct:incident-published", "direct:after-sync")
                        .replace("id: webhook", "id: after"));
        try (TempRelay relay = TempRelay.in(folder)
                .of(ssm)
                .routes(routes)
                .setting("webhook.url", url("/hook"))
                .setting("slack.webhook", url("/slack"))
                .setting("after.url", url("/after"))
                .start()) {
            failAndRecover(relay);

            await().until(() -> at("/hook").size() == 2 && at("/slack").size() == 2);
            List<JsonNode> completed = relay.events(Topic.SYNCS).stream()
                    .map(event -> event.path("data"))
                    .toList();
            assertThat(at("/after"))
                    .extracting(Received::json)
                    .isEqualTo(completed)
                    .hasSize(2);
        }
    }

    private List<Received> at(String path) {
        return received.stream().filter(each -> each.uri().equals(path)).toList();
    }

    /** The events of an incident that was opened and resolved. */
    private List<FailureEvent> failAndRecover(TempRelay relay) throws InterruptedException {
        ssm.faults().set("bad-gateway");
        relay.sync();
        ssm.faults().clear();
        relay.sync();
        List<FailureEvent> events = relay.failures();
        assertThat(events).extracting(FailureEvent::state).containsExactly("trigger", "resolve");
        return events;
    }

    private static void assertFitsSchema(FailureEvent event) {
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(EventSchemas.text("failure.v1").orElseThrow())
                        .validate(event.json().toString(), InputFormat.JSON))
                .isEmpty();
    }

    private TempRelay relay(String page, String setting, String value) throws IOException {
        Path routes = routes();
        Files.writeString(routes.resolve("58-" + page + ".camel.yaml"), example(page));
        return TempRelay.in(folder).of(ssm).setting(setting, value).routes(routes);
    }

    private Path routes() throws IOException {
        return Files.createDirectories(folder.resolve("routes"));
    }

    private static String example(String page) throws IOException {
        Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(PAGES.resolve(page + ".md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void answer(String path, Answer answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                received.add(new Received(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Content-Type"), ""),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
                answer.to(exchange);
            }
        });
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void blockUntil(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
