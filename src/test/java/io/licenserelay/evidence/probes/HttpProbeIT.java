package io.licenserelay.evidence.probes;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.probes.tls.Tunnel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProbeIT {
    private static final String EMPTY = "Content-Length: 0\r\n\r\n";
    private static final Instant NOON = Instant.parse("2026-01-13T12:00:00.500Z");

    private static TestCa ca;
    private static Path caPem;

    @BeforeAll
    static void issue(@TempDir Path folder) throws Exception {
        ca = new TestCa("Relay Test CA");
        caPem = TestCa.pem(folder.resolve("ca.pem"), ca.certificate());
    }

    @Test
    void anAnswerIsReportedWithItsPhasesAndNoCredentialsAreSent() throws Exception {
        try (LoopbackServer server = tls(LoopbackServer.answering("HTTP/1.1 302 Found\r\nServer: nginx\r\n" + EMPTY))) {
            ProbeResult result = probe(site(server));

            assertThat(result.status()).isEqualTo(Status.OK);
            assertThat(names(result)).containsExactly("http.answered");
            assertThat(result.millis()).containsOnlyKeys("connect", "tls", "wait", "transfer");
            assertThat(result.details()).containsEntry("status", 302).containsEntry("server", "nginx");
            assertThat(server.heads()).singleElement().asString().startsWith("GET / HTTP/1.1\r\n");
            assertThat(server.heads().element()).doesNotContainIgnoringCase("authorization");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, http.answered",
        "404, http.answered",
        "429, http.answered",
        "500, http.server-error",
        "501, http.server-error",
        "502, http.unavailable",
        "503, http.unavailable",
        "504, http.unavailable"
    })
    void theStatusDecidesWhetherTheServerIsHealthy(int status, String finding) throws Exception {
        try (LoopbackServer server = LoopbackServer.plain(answer(status))) {
            assertThat(names(probe(plain(server)))).containsExactly(finding);
        }
    }

    @Test
    void aServerThatAcceptsTheRequestButDoesNotRespondIsReportedAsNoAnswer() throws Exception {
        try (LoopbackServer server = tls(LoopbackServer.unresponsive())) {
            ProbeResult result = probe(site(server).connectionLimits(Duration.ofMillis(300)));

            assertThat(result.reason()).isEqualTo("no-answer");
            assertThat(names(result)).containsExactly("http.no-answer");
        }
    }

    @Test
    void aServerThatSendsSingleBytesSlowlyIsStoppedAtTheDeadline() throws Exception {
        try (LoopbackServer server = LoopbackServer.plain(HttpProbeIT::sendSlowly)) {
            Deadline deadline = Deadline.in(Duration.ofMillis(400));

            ProbeResult result =
                    new HttpProbe(Clock.systemUTC()).run(plain(server).target(), deadline);

            assertThat(names(result)).containsExactly("http.no-answer");
        }
    }

    @Test
    void aConnectionThatIsClosedWithinTheBodyIsAReset() throws Exception {
        try (LoopbackServer server = LoopbackServer.plain((socket, self) -> {
            self.readHead(socket);
            socket.getOutputStream().write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"));
            socket.getOutputStream().flush();
        })) {
            ProbeResult result = probe(plain(server));

            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(names(result)).containsExactly("tcp.reset");
        }
    }

    @Test
    void onlyFourKibibytesOfAnEndlessBodyAreRead() throws Exception {
        try (LoopbackServer server = LoopbackServer.plain((socket, self) -> {
            self.readHead(socket);
            socket.getOutputStream().write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
            while (true) {
                socket.getOutputStream().write(new byte[8192]);
            }
        })) {
            assertThat(probe(plain(server)).details()).containsEntry("bytesRead", 4096);
        }
    }

    @Test
    void anUntrustedServerGetsNoRequest() throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(new TestCa("Somebody Else").server("localhost"), answer(200))) {
            ProbeResult result = probe(site(server));

            assertThat(result.status()).isEqualTo(Status.SKIPPED);
            assertThat(result.reason()).isEqualTo("tls");
            assertThat(server.heads()).noneMatch(head -> head.startsWith("GET"));
        }
    }

    @Test
    void theProbeIsSkippedWithoutAConnection() throws Exception {
        ProbeResult result = probe(TestSite.at("https://localhost:" + TcpProbeIT.closedPort()));

        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("tcp");
    }

    @ParameterizedTest
    @CsvSource({
        "12:00:00, clock.well",
        "12:00:01, clock.well",
        "11:59:57, clock.apart",
        "12:30:00, clock.apart",
        "10:59:00, clock.wrong",
        "13:01:00, clock.wrong"
    })
    void theDateOfTheAnswerShowsTheClockOffset(String time, String finding) throws Exception {
        String date = "Date: Tue, 13 Jan 2026 " + time + " GMT\r\n";
        try (LoopbackServer server =
                LoopbackServer.plain(LoopbackServer.answering("HTTP/1.1 200 OK\r\n" + date + EMPTY))) {
            ProbeResult result = new HttpProbe(Clock.fixed(NOON, ZoneOffset.UTC))
                    .run(plain(server).target(), Deadline.in(Duration.ofSeconds(5)));

            assertThat(names(result)).containsExactly("http.answered", finding);
            assertThat(result.details()).containsKeys("clockOffsetSeconds", "clockDoubtSeconds");
        }
    }

    @Test
    void aSlowAnswerProvesNothingAboutTheClock() {
        assertThat(ClockOffset.of(NOON.minusSeconds(3), NOON, 8000).finding("ssm"))
                .isEmpty();
    }

    @Test
    void theServerAnswersThroughAWorkingProxy() throws Exception {
        try (LoopbackServer server = tls(answer(200));
                LoopbackServer proxy = LoopbackServer.plain(Tunnel.to(server.port()))) {
            ProbeResult result = probe(site(server).behind("http://127.0.0.1:" + proxy.port()));

            assertThat(names(result)).containsExactly("http.answered");
            assertThat(server.heads()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"407", "502"})
    void aProxyThatRefusesTheTunnelIsDistinguishedFromAServerThatWorksWithoutIt(int status) throws Exception {
        try (LoopbackServer server = tls(answer(200));
                LoopbackServer proxy = LoopbackServer.plain(answer(status))) {
            ProbeResult result = probe(site(server).behind("http://127.0.0.1:" + proxy.port()));

            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.reason()).isEqualTo("proxy");
            assertThat(names(result)).containsExactly("proxy.refused", "proxy.direct-works");
            assertThat(result.details()).containsEntry("proxyError", "it answered " + status);
        }
    }

    @Test
    void anUnresponsiveProxyLeavesTimeForADirectAttempt() throws Exception {
        try (LoopbackServer server = tls(answer(200));
                LoopbackServer proxy = LoopbackServer.plain(LoopbackServer.unresponsive())) {
            TestSite site = site(server).behind("http://127.0.0.1:" + proxy.port());

            ProbeResult result =
                    new HttpProbe(Clock.systemUTC()).run(site.target(), Deadline.in(Duration.ofSeconds(6)));

            assertThat(names(result)).containsExactly("proxy.refused", "proxy.direct-works");
        }
    }

    @Test
    void anUnreachableProxyIsReportedAndAnUnreachableServerAddsNoFinding() throws Exception {
        TestSite site = TestSite.at("https://localhost:" + TcpProbeIT.closedPort())
                .behind("http://127.0.0.1:" + TcpProbeIT.closedPort());

        assertThat(names(probe(site))).containsExactly("proxy.refused");
    }

    private static LoopbackServer tls(LoopbackServer.Conversation conversation) throws Exception {
        return LoopbackServer.tls(ca.server("localhost"), conversation);
    }

    private static LoopbackServer.Conversation answer(int status) {
        return LoopbackServer.answering("HTTP/1.1 " + status + " Some Reason\r\n" + EMPTY);
    }

    private static void sendSlowly(Socket socket, LoopbackServer self) throws IOException {
        self.readHead(socket);
        socket.setSoTimeout(50);
        for (byte each : ascii("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(50))) {
            socket.getOutputStream().write(each);
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException pause) {
                socket.getOutputStream().flush();
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static TestSite site(LoopbackServer server) {
        return TestSite.at("https://localhost:" + server.port()).trusting(caPem);
    }

    private static TestSite plain(LoopbackServer server) {
        return TestSite.at("http://localhost:" + server.port());
    }

    private static ProbeResult probe(TestSite site) {
        return new HttpProbe(Clock.systemUTC()).run(site.target(), Deadline.in(Duration.ofSeconds(5)));
    }

    private static List<String> names(ProbeResult result) {
        return result.findings().stream().map(Finding::name).toList();
    }
}
