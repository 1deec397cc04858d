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

/** What commands and connections do beside one {@code run} in a process of its own, and that it stops cleanly after all of them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BesideRelayIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** How long half a request may take, in seconds; 0: as long as a relay allows by itself. */
    private static final int LONGEST_REQUEST = Integer.getInteger("request.seconds", 3);

    @TempDir
    static Path folder;

    private static OneSite site;
    private static Path abandoned;
    private static RelayProcess relay;

    private final List<Socket> silent = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        site = OneSite.in(folder);
        site.writeWithTopicsAndStore();
        abandoned = Files.createFile(site.data().resolve("import-1.part"));
        List<String> options = LONGEST_REQUEST == 0
                ? List.of()
                : List.of(
                        "-Dsun.net.httpserver.maxReqTime=" + LONGEST_REQUEST,
                        "-Dsun.net.httpserver.idleInterval=" + LONGEST_REQUEST);
        relay = RelayProcess.startWith(options, folder, site.arguments("run"));
        // A site that was never synced is due at once.
        relay.until(Duration.ofMillis(50), () -> relay.err().contains(" ended ") && Files.exists(api()));
    }

    @AfterAll
    static void end() throws Exception {
        relay.close();
        site.close();
    }

    @AfterEach
    void close() throws Exception {
        for (Socket each : silent) {
            each.close();
        }
    }

    @Test
    @Order(1)
    void aSyncAsksTheRunningRelayAndPrintsTheSame() throws Exception {
        int before = site.ssm().requests().count("/oauth/token");
        Said asked = site.run("sync", "--json");
        assertThat(asked.exitCode()).isZero();
        assertThat(asked.out().lines()).hasSize(1);
        JsonNode run = Json.MAPPER.readTree(asked.out()).at("/runs/0");
        assertThat(run.path("outcome").asText()).isEqualTo("complete");
        assertThat(run.path("licenses").asLong()).isEqualTo(2);
        assertThat(run.at("/changes/added").asLong()).as("known already").isZero();
        assertThat(site.ssm().requests().count("/oauth/token"))
                .as("the running relay has its token, another process would have needed one")
                .isEqualTo(before);
        assertThat(relay.err()).contains("begins (operator)");
    }

    @Test
    @Order(2)
    void theDoctorReadsAlone() throws Exception {
        Said said = site.run("doctor");
        assertThat(said.exitCode()).as(said.out()).isZero();
        assertThat(said.out()).contains("is in use by a running relay", "no event waits", "0 held, 0 rejected");
        assertThat(relay.isAlive()).isTrue();
    }

    @Test
    @Order(3)
    void aSecondRelayIsRefused() {
        Said second = site.run("run");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("Another relay uses " + site.data(), "--data");
    }

    @Test
    @Tag("deep")
    @Order(4)
    void connectionsThatSayNothingHoldUpNoSyncAndUseUpNothing() throws Exception {
        assertThat(abandoned).doesNotExist();
        int port = URI.create(access("url")).getPort();
        for (int i = 0; i < 20; i++) {
            silent.add(half(port, "POST /sy"));
            silent.add(half(port, "POST /sync HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"));
        }
        Said beside = assertTimeoutPreemptively(PATIENCE, () -> site.run("sync"));
        assertThat(beside.exitCode()).as(beside.err()).isZero();

        for (int i = 0; i < 200; i++) {
            silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        assertThat(silent.stream().filter(BesideRelayIT::isEnded)).hasSizeGreaterThan(100);
        await().atMost(PATIENCE).until(() -> site.run("sync").exitCode() == 0);
        assertThat(silent).as("half requests and idle connections end").allMatch(BesideRelayIT::isEndedSoon);
    }

    /** The last, since it ends the relay. */
    @Test
    @Order(5)
    void aStoppedRelayFreesItsFolderAndWroteNoSecretToItsLog() throws Exception {
        String token = access("token");
        assertThat(token).isNotEmpty();
        site.ssm().faults().set("forbidden", "va", "Lab");
        assertThat(site.run("sync").exitCode()).isEqualTo(2);
        assertThat(relay.terminate()).isZero();
        assertThat(api()).doesNotExist();
        assertThat(relay.err()).contains("stopping").doesNotContain(token, "relay-secret-1", "Timeout occurred");
        assertThat(site.run("sync").exitCode()).as("the folder is free again").isEqualTo(2);
    }

    private static Socket half(int port, String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return socket;
    }

    private static boolean isEnded(Socket socket) {
        return isEnded(socket, 200);
    }

    private static boolean isEndedSoon(Socket socket) {
        return isEnded(socket, 120_000);
    }

    private static boolean isEnded(Socket socket, int patience) {
        try {
            socket.setSoTimeout(patience);
            // A refusal may come before the end.
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
