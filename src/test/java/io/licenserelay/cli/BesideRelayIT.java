package io.licenserelay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Commands and connections while a separate process runs {@code run}, and the clean stop of that process. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BesideRelayIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /** The time limit of an incomplete request in seconds; 0 for the relay's own limit. */
    private static final int REQUEST_TIMEOUT = Integer.getInteger("request.seconds", 3);

    @TempDir
    static Path folder;

    private static OneSite site;
    private static Path abandoned;
    private static RelayProcess relay;

    private final List<Socket> connections = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        site = OneSite.in(folder);
        site.writeWithTopicsAndStore();
        abandoned = Files.createFile(site.data().resolve("import-1.part"));
        List<String> options = REQUEST_TIMEOUT == 0
                ? List.of()
                : List.of(
                        "-Dsun.net.httpserver.maxReqTime=" + REQUEST_TIMEOUT,
                        "-Dsun.net.httpserver.idleInterval=" + REQUEST_TIMEOUT);
        relay = RelayProcess.startWith(options, folder, site.arguments("run"));
        // A new site is due at once.
        relay.until(Duration.ofMillis(50), () -> relay.err().contains(" ended ") && Files.exists(api()));
    }

    @AfterAll
    static void end() throws Exception {
        relay.close();
        site.close();
    }

    @AfterEach
    void close() throws Exception {
        for (Socket each : connections) {
            each.close();
        }
    }

    @Test
    @Order(1)
    void aSyncCommandRunsInTheRunningRelayAndPrintsItsResult() throws Exception {
        int before = site.ssm().requests().count("/oauth/token");
        CommandResult result = site.run("sync", "--json");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).hasSize(1);
        JsonNode run = Json.MAPPER.readTree(result.out()).at("/runs/0");
        assertThat(run.path("outcome").asText()).isEqualTo("complete");
        assertThat(run.path("licenses").asLong()).isEqualTo(2);
        assertThat(run.at("/changes/added").asLong())
                .as("all licenses are already known")
                .isZero();
        assertThat(site.ssm().requests().count("/oauth/token"))
                .as("the running relay already has a token")
                .isEqualTo(before);
        assertThat(relay.err()).contains("begins (operator)");
    }

    @Test
    @Order(2)
    void theDoctorIsReadOnly() throws Exception {
        CommandResult result = site.run("doctor");
        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out()).contains("is in use by a running relay", "no event waits", "0 held, 0 rejected");
        assertThat(relay.isAlive()).isTrue();
    }

    @Test
    @Order(3)
    void aSecondRelayDoesNotStart() {
        CommandResult second = site.run("run");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("Another relay uses " + site.data(), "--data");
    }

    @Test
    @Tag("deep")
    @Order(4)
    void idleConnectionsDoNotDelaySyncsAndAreClosed() throws Exception {
        assertThat(abandoned).doesNotExist();
        int port = URI.create(access("url")).getPort();
        for (int i = 0; i < 20; i++) {
            connections.add(sendIncomplete(port, "POST /sy"));
            connections.add(sendIncomplete(port, "POST /sync HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"));
        }
        CommandResult concurrent = assertTimeoutPreemptively(TIMEOUT, () -> site.run("sync"));
        assertThat(concurrent.exitCode()).as(concurrent.err()).isZero();

        for (int i = 0; i < 200; i++) {
            connections.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        assertThat(connections.stream().filter(BesideRelayIT::isClosed)).hasSizeGreaterThan(100);
        await().atMost(TIMEOUT).until(() -> site.run("sync").exitCode() == 0);
        assertThat(connections)
                .as("the relay closes incomplete requests and idle connections")
                .allMatch(BesideRelayIT::isClosedWithinTwoMinutes);
    }

    /** Runs last because it stops the relay. */
    @Test
    @Order(5)
    void aStoppedRelayReleasesItsFolderAndItsLogContainsNoSecret() throws Exception {
        String token = access("token");
        assertThat(token).isNotEmpty();
        site.ssm().faults().set("forbidden", "va", "Lab");
        assertThat(site.run("sync").exitCode()).isEqualTo(2);
        assertThat(relay.terminate()).isZero();
        assertThat(api()).doesNotExist();
        assertThat(relay.err()).contains("stopping").doesNotContain(token, "relay-secret-1", "Timeout occurred");
        assertThat(site.run("sync").exitCode())
                .as("another command can use the folder")
                .isEqualTo(2);
    }

    private static Socket sendIncomplete(int port, String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        return isClosed(socket, 200);
    }

    private static boolean isClosedWithinTwoMinutes(Socket socket) {
        return isClosed(socket, 120_000);
    }

    private static boolean isClosed(Socket socket, int timeoutMillis) {
        try {
            socket.setSoTimeout(timeoutMillis);
            // An error answer may arrive before the connection is closed.
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static Path api() {
        return site.data().resolve("relay.api");
    }

    private static String access(String field) throws IOException {
        return Json.MAPPER.readTree(Files.readString(api())).path(field).asText();
    }
}
