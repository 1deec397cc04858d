package io.licenserelay.observe.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.observe.health.BoundedReads;
import io.licenserelay.observe.health.ProcessHealth;
import io.licenserelay.observe.health.RelayHealth;
import io.licenserelay.observe.health.SiteHealth;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.web.server.AddressUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management server over plain sockets. Camel has not started, so the relay is live and not ready. */
class ManagementServerTest {
    @TempDir
    Path folder;

    private Database database;
    private BoundedReads reads;
    private ManagementServer server;
    private volatile boolean metricsFail;

    @BeforeEach
    void start() throws Exception {
        database = Database.open(folder);
        reads = new BoundedReads(Duration.ofSeconds(2));
        RelayHealth health = new RelayHealth(
                new ProcessHealth(database, reads), new SiteHealth(database, new Sites(List.of())), reads);
        server = new ManagementServer(new ListenAddress("127.0.0.1", 0), health, () -> {
            if (metricsFail) {
                throw new IllegalStateException("a fault");
            }
            return "up 1\n";
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        reads.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /health/live, 200",
        "HEAD /health/live, 200",
        "GET /health/ready, 503",
        "GET /health/sites, 200",
        "GET /metrics, 200",
        "HEAD /metrics, 200",
        "GET /, 404",
        "GET /observe/health, 404",
        "GET /config/relay.yaml, 404",
        "GET /..%2fconfig%2frelay.yaml, 404",
        "GET /io/licenserelay/app/Relay.class, 404",
        "POST /metrics, 405",
        "DELETE /health/live, 405",
        "TRACE /metrics, 405",
        "OPTIONS /metrics, 405"
    })
    void everyAnswerHasTheSecurityHeaders(String request, int status) throws Exception {
        String answer = send(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertSecurityHeaders(answer);
    }

    @Test
    void aMalformedOrTooLongHeadIsRefusedWithTheSecurityHeaders() throws Exception {
        assertRefused("GET /metrics HTTP/9.9.9\r\n\r\n", "400");
        assertRefused("GET /" + "x".repeat(3000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "414");
        assertRefused("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9000) + "\r\n\r\n", "431");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000000", "Transfer-Encoding: chunked"})
    void aBodyIsNotReadAndItsConnectionIsClosed(String header) throws Exception {
        assertRefused("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n", "413");
    }

    @Test
    void theSitesOfADatabaseThatDoesNotAnswerAreNotAnswered() throws Exception {
        database.close();
        String answer = send("GET /health/sites HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 503 ").endsWith("{\"status\":\"down\"}\n");
    }

    @Test
    void aFaultIsAnsweredWithoutItsReason() throws Exception {
        metricsFail = true;
        String answer = send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 500 ").endsWith("\r\n\r\n500\n").doesNotContain("a fault");
        assertSecurityHeaders(answer);
    }

    @Test
    void furtherConnectionsAreClosedUntilOthersEnd() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < ManagementServer.MOST_CONNECTIONS; i++) {
                Socket socket = connect();
                idle.add(socket);
                socket.getOutputStream()
                        .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            assertThat(isAnswered()).isFalse();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(10)).until(this::isAnswered);
    }

    private boolean isAnswered() throws IOException {
        try {
            return send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .startsWith("HTTP/1.1 200 ");
        } catch (java.net.SocketException reset) {
            return false;
        }
    }

    @Test
    void anAddressThatIsInUseOrNotOfThisMachineIsReportedWithItsFix() {
        ListenAddress taken = new ListenAddress("127.0.0.1", server.port());
        assertRefused(
                taken, "relay.management.address: cannot listen on " + taken + " (Address already in use); stop the");
        assertRefused(
                new ListenAddress("192.0.2.1", 9464),
                "relay.management.address: cannot listen on 192.0.2.1:9464 (Cannot assign requested address); set a host");
        assertRefused(
                new ListenAddress("no.such.host.invalid", 9464),
                "relay.management.address: cannot listen on no.such.host.invalid:9464 (unknown host); set a host");
    }

    private void assertRefused(ListenAddress address, String message) {
        RelayHealth health = new RelayHealth(
                new ProcessHealth(database, reads), new SiteHealth(database, new Sites(List.of())), reads);
        try (ManagementServer other = new ManagementServer(address, health, () -> "")) {
            assertThatThrownBy(other::start)
                    .isInstanceOf(AddressUnavailable.class)
                    .hasMessageStartingWith(message);
        }
    }

    private void assertRefused(String request, String status) throws IOException {
        String answer = send(request);
        assertThat(answer).startsWith("HTTP/1.").contains(" " + status + " ");
        assertSecurityHeaders(answer);
    }

    private static void assertSecurityHeaders(String answer) {
        assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                .contains(
                        "x-content-type-options: nosniff\r\n",
                        "referrer-policy: no-referrer\r\n",
                        "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n",
                        "cache-control: no-store\r\n")
                .doesNotContain("server:", "<html");
    }

    /** Sends the bytes and reads until the server closes the connection. */
    private String send(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }
}
