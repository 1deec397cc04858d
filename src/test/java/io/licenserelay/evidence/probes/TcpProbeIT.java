package io.licenserelay.evidence.probes;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.TestSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

public class TcpProbeIT {

    @Test
    void aListeningServerIsConnectedAndTheTimeIsMeasured() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            ProbeResult result = probe("127.0.0.1", server.getLocalPort());

            assertThat(result.status()).isEqualTo(Status.OK);
            assertThat(names(result)).containsExactly("tcp.connected");
            assertThat(result.millis().get("connect")).isBetween(0.0, 2000.0);
        }
    }

    @Test
    void aPortWithoutListenerIsRefused() throws Exception {
        ProbeResult result = probe("127.0.0.1", closedPort());

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.reason()).isEqualTo("refused");
        assertThat(names(result)).containsExactly("tcp.refused");
    }

    @Test
    void aServerThatAcceptsNoMoreConnectionsTimesOut() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = fill(full);

            ProbeResult result = TcpProbeIT.probe(
                    TestSite.at("https://127.0.0.1:" + full.getLocalPort()).connectionLimits(Duration.ofMillis(200)));

            assertThat(result.reason()).isEqualTo("timeout");
            assertThat(names(result)).containsExactly("tcp.timeout");
            for (Socket each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void aConnectionThatIsDroppedImmediatelyIsAReset() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread dropper = new Thread(() -> dropOne(server), "dropper");
            dropper.setDaemon(true);
            dropper.start();

            ProbeResult result = probe("127.0.0.1", server.getLocalPort());

            assertThat(names(result)).containsExactly("tcp.reset");
        }
    }

    @Test
    void oneFailingAddressIsReportedAlthoughTheOtherConnects() throws Exception {
        InetAddress good = InetAddress.getLoopbackAddress();
        InetAddress bad = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        try (ServerSocket server = new ServerSocket(0, 5, good)) {
            ConnectionPath path =
                    ConnectionPath.configured(TestSite.at("https://ssm.relay.invalid:" + server.getLocalPort())
                            .site());

            ProbeResult result = new TcpProbe().probe(path, List.of(good, bad), Deadline.in(Duration.ofSeconds(5)));

            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.reason()).isEqualTo("some-failed");
            assertThat(names(result)).containsExactly("tcp.some-failed");
            assertThat(result.findings().get(0).phrase())
                    .contains("127.0.0.1:" + server.getLocalPort() + " connected")
                    .contains("127.0.0.2:" + server.getLocalPort() + " refused");
        }
    }

    @Test
    void aServerThatListensOnOneAddressOfLocalhostIsHealthy() throws Exception {
        InetAddress good = InetAddress.getLoopbackAddress();
        InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        try (ServerSocket server = new ServerSocket(0, 5, good)) {
            ConnectionPath path = ConnectionPath.configured(
                    TestSite.at("https://localhost:" + server.getLocalPort()).site());

            ProbeResult result = new TcpProbe().probe(path, List.of(good, other), Deadline.in(Duration.ofSeconds(5)));

            assertThat(names(result)).containsExactly("tcp.connected");
        }
    }

    @Test
    void theProbeIsSkippedWithoutAnAddress() {
        ProbeResult result = probe("ssm.relay.invalid", 8443);

        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("dns");
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void withAProxyTheProbeConnectsToTheProxy() throws Exception {
        TestSite site = TestSite.at("https://127.0.0.1:1").behind("http://127.0.0.1:" + closedPort());

        assertThat(names(probe(site))).containsExactly("proxy.refused");
    }

    public static int closedPort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.getLocalPort();
        }
    }

    /** Linux drops the SYN of a connection beyond the backlog. */
    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 100);
            } catch (SocketTimeoutException full) {
                return waiting;
            }
        }
        throw new AssertionError("the backlog accepts any number of connections");
    }

    private static void dropOne(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static ProbeResult probe(String host, int port) {
        return probe(TestSite.at("https://" + host + ":" + port));
    }

    private static ProbeResult probe(TestSite site) {
        return new TcpProbe().run(site.target(), Deadline.in(Duration.ofSeconds(5)));
    }

    private static List<String> names(ProbeResult result) {
        return result.findings().stream().map(Finding::name).toList();
    }
}
