package io.licenserelay.http;

import static io.licenserelay.fixture.HostileServer.json;
import static io.licenserelay.fixture.HostileServer.repeat;
import static io.licenserelay.fixture.HostileServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.fixture.HostileServer.Trick;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.sync.run.SyncResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run against a hostile server ends quickly and reports the exceeded limit. The next run against a healthy server is complete. All
 * tests share one relay.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileAnswersIT {
    private static final String TOO_LARGE = "answer.too-large";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String GOOD_LICENSES =
            "{\"licenses\":[{\"license\":\"DNA\",\"quantity\":1,\"inUse\":0}],\"totalRecords\":1}";

    /** More bytes than any limit allows. A client that reads all of them has no limit. */
    private static final long ENDLESS = 3L << 30;

    @TempDir
    static Path folder;

    private HostileServer server;
    private TempRelay relay;
    private int failuresBefore;

    @BeforeAll
    void start() throws Exception {
        server = HostileServer.start();
        relay = TempRelay.in(folder)
                .ssm("url", server.url())
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .ssm("trust", server.trust(folder).toString())
                .ssm("limits", "{ connect: 5s, tls: 5s, response: 5s, total: 5s, list: 3s, size: 4MiB }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1")
                .start();
    }

    @AfterAll
    void stop() throws IOException {
        relay.close();
        server.close();
    }

    @Test
    void anEndlessStatusLineIsRejected() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, "HTTP/1.1 200 ");
                    repeat(out, "reason ", ENDLESS);
                }))
                .contains("8192 bytes per line");
    }

    @Test
    void anEndlessHeaderLineIsRejected() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, OK + "X-Long: ");
                    repeat(out, "a", ENDLESS);
                }))
                .contains("8192 bytes per line");
    }

    @Test
    void endlessHeadersAreRejected() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, OK);
                    repeat(out, "X-More: 1\r\n", ENDLESS);
                }))
                .contains("64 headers");
    }

    @Test
    void endlessTrailersAreRejected() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(
                            out,
                            CHUNKED + Integer.toHexString(GOOD_LICENSES.length()) + "\r\n" + GOOD_LICENSES
                                    + "\r\n0\r\n");
                    repeat(out, "X-Trailer: 1\r\n", ENDLESS);
                }))
                .contains("64 headers");
    }

    @Test
    void anEndlessChunkExtensionIsRejected() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, CHUNKED + "1;x=");
                    repeat(out, "a", ENDLESS);
                }))
                .contains("8192 bytes per line");
    }

    @Test
    void theTokenEndpointHasTheSameLimitsAsLists() throws Exception {
        assertThat(errorMessage("/", (request, out) -> {
                    // The relay's current token is rejected first, so that the relay requests a new one.
                    if (!request.contains("/oauth/token")) {
                        text(
                                out,
                                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\", "
                                        + "error_description=\"expired\"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                        return;
                    }
                    text(out, OK + "X-Long: ");
                    repeat(out, "a", ENDLESS);
                }))
                .contains("8192 bytes per line");
    }

    @Test
    void anEndlessBodyIsRejectedAtTheSizeLimit() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, CHUNKED);
                    repeat(out, "4000\r\n" + " ".repeat(0x4000) + "\r\n", ENDLESS);
                }))
                .contains("4194304 bytes (ssm.limits.size)");
    }

    @Test
    void aCompressedAnswerIsRead() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            text(out, GOOD_LICENSES);
        }
        assertSyncCompletes("/licenses", (request, out) -> {
            text(out, OK + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n");
            out.write(packed.toByteArray());
        });
    }

    @Test
    void aGzipBombIsRejectedAtTheLimitOfTheUnpackedSize() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bomb)) {
            repeat(packed, " ", 8 << 20);
        }
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, OK + "Content-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n\r\n");
                    out.write(bomb.toByteArray());
                }))
                .contains("4194304 bytes (ssm.limits.size)");
    }

    @Test
    void anAnswerWithTooManyContentCodingsIsNotRead() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, OK + ("Content-Encoding: " + "gzip,".repeat(1_000) + "gzip\r\n").repeat(30) + "\r\n");
                    repeat(out, "x", ENDLESS);
                }))
                .contains("compressed 30030 times over");
    }

    @Test
    void aSlowLorisAnswerEndsAtTheTotalTimeLimit() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    text(out, OK + "X-Slow: ");
                    dribble(out);
                }))
                .contains("5 s (ssm.limits.total)");
    }

    @Test
    void endlessInformationalAnswersAreRejected() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    while (true) {
                        text(out, "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100));
                        pause();
                    }
                }))
                .contains("(ssm.limits.total)");
    }

    @Test
    void anUnrequestedProtocolUpgradeIsAFailure() throws Exception {
        FailureEvent failure = failure("/licenses", (request, out) -> {
            text(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            dribble(out);
        });
        assertThat(failure.text("/data/error/message")).startsWith("ProtocolException");
        assertThat(failure.code()).isEqualTo("LIC4006");
        assertThat(failure.because()).containsExactly("http.malformed");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (HostileServer other = HostileServer.start()) {
            FailureEvent failure = failure(
                    "/licenses",
                    (request, out) -> text(
                            out,
                            "HTTP/1.1 302 Found\r\nLocation: " + other.url()
                                    + "/licenses\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
            assertThat(failure.text("/data/error/type")).isEqualTo("http.302");
            assertThat(failure.code()).isEqualTo("LIC4005");
            assertThat(failure.because()).containsExactly("http.redirected");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aCookieIsNotStored() throws Exception {
        int before = server.requests().size();
        assertSyncCompletes("/virtual-accounts ", (request, out) -> {
            String body = "{\"virtualAccounts\":[{\"name\":\"Default\"}]}";
            text(
                    out,
                    OK + "Set-Cookie: session=stolen; Path=/\r\nConnection: close\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body);
        });
        List<String> newRequests =
                server.requests().subList(before, server.requests().size());
        assertThat(newRequests).hasSizeGreaterThan(2).noneMatch(request -> request.contains("Cookie"));
    }

    @Test
    void lineBreaksInAHeaderValueAddNoHeader() throws Exception {
        FailureEvent failure = failure(
                "/licenses",
                (request, out) -> text(
                        out,
                        "HTTP/1.1 500 Broken\r\nServer: a\rX-Injected: b\r\n kafka.OVERRIDE_TOPIC: c\r\n"
                                + "Connection: close\r\nContent-Length: 0\r\n\r\n"));
        assertThat(failure.text("/data/evidence/exchange/status")).isEqualTo("500");
        assertThat(failure.json().at("/data/evidence/exchange/headers").fieldNames())
                .toIterable()
                .doesNotContain("X-Injected", "x-injected", "kafka.override_topic");
    }

    @Test
    void deeplyNestedJsonIsRejected() throws Exception {
        assertThat(errorMessage(
                        "/licenses",
                        (request, out) ->
                                json(out, "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"licenses\":[]}")))
                .contains("nesting depth");
    }

    @Test
    void aFieldWithManyHugeValuesIsRejected() throws Exception {
        String value = "{\"endDate\":\"" + "9".repeat(60_000) + "\"},";
        assertThat(errorMessage("/licenses", "answer.shape", (request, out) -> {
                    text(out, CHUNKED);
                    chunk(out, "{\"licenses\":[{\"license\":\"DNA\",\"quantity\":1,\"inUse\":0,\"licenseDetails\":[");
                    for (int i = 0; i < 400; i++) {
                        chunk(out, value);
                    }
                    chunk(out, "{}]}]}");
                    text(out, "0\r\n\r\n");
                }))
                .startsWith("licenses[0] has more than 262144 characters");
    }

    @Test
    void aValueOfAMillionCharactersIsRejected() throws Exception {
        assertThat(errorMessage(
                        "/licenses",
                        (request, out) -> json(out, "{\"licenses\":[{\"license\":\"" + "x".repeat(990_000) + "\"}]}")))
                .contains("String value length");
    }

    @Test
    void aMillionAccountsAreRejected() throws Exception {
        assertThat(errorMessage("/upstream_satellites/accounts", (request, out) -> {
                    text(out, CHUNKED);
                    chunk(out, "{\"accounts\":[");
                    for (int thousand = 0; thousand < 1_000; thousand++) {
                        StringBuilder accounts = new StringBuilder();
                        for (int i = 0; i < 1_000; i++) {
                            accounts.append("{\"name\":\"A")
                                    .append(thousand * 1_000 + i)
                                    .append("\"},");
                        }
                        chunk(out, accounts.toString());
                    }
                    chunk(out, "{\"name\":\"last\"}]}");
                    text(out, "0\r\n\r\n");
                }))
                .containsAnyOf("more than 50000 entries", "more than its share");
    }

    @Test
    void anEndlessListIsRejectedAtItsTimeLimit() throws Exception {
        assertThat(errorMessage("/licenses", (request, out) -> {
                    pause();
                    json(
                            out,
                            "{\"licenses\":[{\"license\":\"DNA-" + System.nanoTime()
                                    + "\",\"quantity\":1,\"inUse\":0}],\"totalRecords\":9999999}");
                }))
                .contains("of 9999999 announced (ssm.limits.list)");
    }

    @Test
    void anImpossibleTotalIsRejectedAtTheFirstPage() throws Exception {
        assertThat(
                        errorMessage(
                                "/licenses",
                                (request, out) -> json(
                                        out,
                                        "{\"licenses\":[{\"license\":\"DNA\",\"quantity\":1,\"inUse\":0}],\"totalRecords\":999999999999}")))
                .contains("announces 999999999999 entries");
    }

    @Test
    void aRunReturnsAllItsMemoryToTheBudget() throws Exception {
        assertSyncCompletes("none", (request, out) -> {});
        assertThat(AnswerMemory.ofProcess().used()).isZero();
    }

    private String errorMessage(String path, Trick trick) throws Exception {
        return errorMessage(path, TOO_LARGE, trick);
    }

    /** The error message of a run that fails with this finding. */
    private String errorMessage(String path, String finding, Trick trick) throws Exception {
        FailureEvent failure = failure(path, trick);
        assertThat(failure.findings()).as("%s", failure).contains(finding);
        return failure.text("/data/error/message");
    }

    /** Runs once against the hostile answer and once against a healthy server. Returns the failure of the first run. */
    private FailureEvent failure(String path, Trick trick) throws Exception {
        failuresBefore = relay.failures().size();
        long started = System.nanoTime();
        server.answer(path, trick);
        SyncResult run = relay.sync();
        server.answer("", trick);
        assertThat(run.outcome()).isEqualTo("failed");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMinutes(3));
        List<FailureEvent> failures = relay.failures();
        assertThat(relay.sync().outcome()).as("the run after %s", failures).isEqualTo("complete");
        Optional<FailureEvent> firstNewFailure =
                failures.stream().skip(failuresBefore).findFirst();
        assertThat(firstNewFailure).isPresent();
        return firstNewFailure.orElseThrow();
    }

    private void assertSyncCompletes(String path, Trick trick) throws Exception {
        server.answer(path, trick);
        assertThat(relay.sync().outcome()).as("%s", relay.failures()).isEqualTo("complete");
        server.answer("", trick);
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        text(out, Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        text(out, "\r\n");
    }

    /** Slows an endless answer down, so that it takes less CPU time from concurrent tests. */
    private static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }

    /** Sends one byte every 200 ms until the client closes the connection, so that no read timeout expires. */
    private static void dribble(OutputStream out) throws IOException {
        while (true) {
            out.write('a');
            out.flush();
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
