package io.licenserelay.evidence.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
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

/** Runs the example in {@code docs/extend/log-tails.md} verbatim, and routes of logs that return no lines. */
@Timeout(120)
class OwnLogTailIT {
    private static final Instant FAILED = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Failure FAILURE = TestSite.failure(FAILED);
    private static final Path PAGE = Path.of("docs/extend/log-tails.md");

    @TempDir
    Path folder;

    private final ExecutorService answers = Executors.newCachedThreadPool();
    private final List<String> requested = new CopyOnWriteArrayList<>();
    private HttpServer journal;

    @BeforeEach
    void start() throws IOException {
        journal = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        journal.setExecutor(answers);
        journal.start();
    }

    @AfterEach
    void stop() {
        journal.stop(0);
        answers.shutdownNow();
    }

    @Test
    void aRouteOfTheGroupAddsARedactedLogToTheEvent() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        answer(exchange -> {
            requested.add(exchange.getRequestHeaders().getFirst("Accept") + " "
                    + exchange.getRequestHeaders().getFirst("Range"));
            send(exchange, 200, line(Instant.now(), "upstream is down, the client sent relay-secret-1"));
        });
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .setting("proxy.journal", url())
                        .routes(routes())
                        .start()) {
            ssm.faults().set("bad-gateway");

            relay.sync();

            FailureEvent event = relay.failures().get(0);
            JsonNode log = event.json().at("/data/evidence/logs/0");
            assertThat(log.path("source").asText()).isEqualTo("proxy");
            assertThat(log.path("path").asText()).isEqualTo("direct:log-proxy");
            assertThat(log.path("lines")).hasSize(1);
            assertThat(log.path("lines").path(0).asText())
                    .contains("upstream is down")
                    .doesNotContain("relay-secret-1");
            assertThat(event.json().at("/data/evidence/logs")).hasSize(1);
            assertThat(requested).containsOnly("text/plain entries=:-199:200");
        }
    }

    @Test
    void fetchedLinesAreReadLikeAFileAndComeAfterTheOtherLogs() throws Exception {
        Path file = Files.writeString(folder.resolve("ssm.log"), line(FAILED, "in a file"));
        answer(exchange -> send(
                exchange, 200, line(FAILED.minus(Duration.ofDays(1)), "long ago") + line(FAILED, "\u001B[31mnow")));

        List<LogExcerpt> logs = collect(
                        TestSite.at("https://localhost:1").logging(new Site.LogFile("ssm", file, ZoneId.of("UTC"))),
                        url())
                .excerpts();

        assertThat(logs).extracting(LogExcerpt::source).containsExactly("ssm", "proxy");
        LogExcerpt own = logs.get(1);
        assertThat(own.lines()).containsExactly(line(FAILED, "now").strip());
        assertThat(own.from()).isEqualTo(FAILED);
        assertThat(own.facts()).hasSize(1);
        assertThat(own.truncated()).isFalse();
        assertThat(own.note()).isNull();
    }

    @Test
    void anUnreachableSourceIsReportedWithTheReason() throws Exception {
        Evidence evidence = collect(TestSite.at("https://localhost:1"), "http://localhost:1/entries");

        assertThat(evidence.excerpts().get(0).note())
                .startsWith("the log cannot be read: ")
                .contains("refused");
        assertThat(evidence.has("log.not-covering")).isTrue();
    }

    @Test
    void anErrorStatusIsReported() throws Exception {
        answer(exchange -> send(exchange, 503, "busy"));

        LogExcerpt log =
                collect(TestSite.at("https://localhost:1"), url()).excerpts().get(0);

        assertThat(log.note()).isEqualTo("the log cannot be read: the answer has the status 503");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aLateLogIsReportedAndTheOthersAreIncluded() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            await(release);
            exchange.close();
        });
        Path file = Files.writeString(folder.resolve("ssm.log"), line(FAILED, "in a file"));
        TestSite site = TestSite.at("https://localhost:1")
                .within(Duration.ofMillis(1500))
                .logging(new Site.LogFile("ssm", file, ZoneId.of("UTC")));

        List<LogExcerpt> logs = collect(site, url()).excerpts();
        release.countDown();

        assertThat(logs.get(0).lines()).hasSize(1);
        assertThat(logs.get(1).note()).isEqualTo("the log was not read: deadline");
    }

    @Test
    void textBeyondTheLimitIsTruncatedAndReported() throws Exception {
        String line = line(FAILED, "x".repeat(1000));
        answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 3000; i++) {
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                }
            }
        });

        LogExcerpt log =
                collect(TestSite.at("https://localhost:1"), url()).excerpts().get(0);

        assertThat(log.truncated()).isTrue();
        assertThat(log.lines()).hasSize(40);
        assertThat(log.note()).contains("only the first 1048576 bytes were read");
    }

    @Test
    void aBodyThatIsNotTextIsReportedAsBroken() throws Exception {
        LogExcerpt log = collect(TestSite.at("https://localhost:1"), own("log-own", "${body.site}"))
                .excerpts()
                .get(0);

        assertThat(log.source()).isEqualTo("own");
        assertThat(log.note()).isEqualTo("the log was not read: broken");
    }

    @Test
    void aRouteWithAnInvalidIdIsRejected() {
        assertThatThrownBy(() -> collect(TestSite.at("https://localhost:1"), own("tail-own", "x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tail-own")
                .hasMessageContaining("its id must be log-");
    }

    @Test
    void theNameOfAConfiguredLogIsRejected() {
        TestSite site = TestSite.at("https://localhost:1")
                .logging(new Site.LogFile("own", folder.resolve("own.log"), ZoneId.of("UTC")));

        assertThatThrownBy(() -> collect(site, own("log-own", "x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("logs: of site hq has a log with the name own");
    }

    private static Evidence collect(TestSite site, String routeOrUrl) throws Exception {
        String yaml = routeOrUrl.startsWith("http") ? example().replace("{{proxy.journal}}", routeOrUrl) : routeOrUrl;
        try (EvidenceFlow flow = EvidenceFlow.start(site.site(), List.of(), 256, yaml)) {
            return flow.collect(FAILURE);
        }
    }

    private static String own(String id, String body) {
        return """
                - route:
                    id: ID
                    group: log-tail
                    from:
                      uri: direct:ID
                      steps:
                        - setBody: { expression: { simple: { expression: 'BODY' } } }
                """.replace("ID", id).replace("BODY", body);
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void answer(Answer answer) {
        journal.createContext("/entries", exchange -> {
            try (exchange) {
                answer.to(exchange);
            }
        });
    }

    private String url() {
        return "http://localhost:" + journal.getAddress().getPort() + "/entries";
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String line(Instant at, String text) {
        return at + " proxy: " + text + "\n";
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private Path routes() throws IOException {
        Path routes = Files.createDirectories(folder.resolve("routes"));
        Files.writeString(routes.resolve("57-proxy-log.camel.yaml"), example());
        return routes;
    }

    private static String example() throws IOException {
        Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
