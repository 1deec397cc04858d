package io.licenserelay.evidence.probes.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.probes.LoopbackServer;
import io.licenserelay.evidence.probes.TcpProbeIT;
import io.licenserelay.evidence.probes.TestCa;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsProbeIT {
    private static Path folder;
    private static TestCa ca;
    private static Path caPem;

    @BeforeAll
    static void issue(@TempDir Path temporary) throws Exception {
        folder = temporary;
        ca = new TestCa("Relay Test CA");
        caPem = TestCa.pem(folder.resolve("ca.pem"), ca.certificate());
    }

    @Test
    void aCertificateOfATrustedCaForTheHostIsTrustedAndReported() throws Exception {
        ProbeResult result = probe(ca.server("localhost"), caPem);

        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.reason()).isEqualTo("ok");
        assertThat(names(result)).containsExactly("tls.trusted");
        assertThat(result.millis()).containsKey("tls");
        assertThat(result.details()).containsEntry("protocol", "TLSv1.3").containsEntry("daysLeft", 363L);
        assertThat(chain(result)).hasSize(2);
        assertThat(chain(result).get(0))
                .containsEntry("subject", "CN=localhost")
                .containsEntry("issuer", "CN=Relay Test CA")
                .containsEntry("names", List.of("localhost"));
        assertThat(String.valueOf(chain(result).get(0).get("sha256"))).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
    }

    @Test
    void aCertificateOfAnotherCaIsUntrustedAndItsChainIsReported() throws Exception {
        ProbeResult result = probe(new TestCa("Somebody Else").server("localhost"), caPem);

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(names(result)).containsExactly("tls.untrusted");
        assertThat(result.findings().get(0).phrase()).contains("CN=Somebody Else");
        assertThat(chain(result)).hasSize(2);
        assertThat(result.details()).containsEntry("protocol", "TLSv1.3");
    }

    @Test
    void withoutTrustFilesJavasCasAreUsed() throws Exception {
        assertThat(names(probe(ca.server("localhost")))).containsExactly("tls.untrusted");
    }

    @Test
    void aTrustedCertificateForAnotherNameIsRejected() throws Exception {
        ProbeResult result = probe(ca.server("ssm.example.net", "192.0.2.1"), caPem);

        assertThat(result.reason()).isEqualTo("name-mismatch");
        assertThat(names(result)).containsExactly("tls.name-mismatch");
        assertThat(result.findings().get(0).phrase())
                .contains("ssm.example.net, 192.0.2.1")
                .contains("localhost");
    }

    @Test
    void anUntrustedCertificateForAnotherNameHasBothFindings() throws Exception {
        ProbeResult result = probe(new TestCa("Somebody Else").server("ssm.example.net"), caPem);

        assertThat(names(result)).containsExactly("tls.name-mismatch", "tls.untrusted");
    }

    @Test
    void anExpiredCertificateOfATrustedCaIsExpiredAndNotUntrusted() throws Exception {
        assertThat(names(probe(ca.server(days(-20), days(-3), "localhost"), caPem)))
                .containsExactly("tls.expired");
    }

    @Test
    void aCertificateThatBeginsTomorrowIsNotYetValid() throws Exception {
        assertThat(names(probe(ca.server(days(1), days(20), "localhost"), caPem)))
                .containsExactly("tls.not-yet-valid");
    }

    @Test
    void aTrustedCertificateThatEndsWithinThirtyDaysExpiresSoon() throws Exception {
        ProbeResult result = probe(ca.server(days(-20), days(29), "localhost"), caPem);

        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.reason()).isEqualTo("expires-soon");
        assertThat(names(result)).containsExactly("tls.trusted", "tls.expires-soon");
    }

    @Test
    void aPinnedCertificateIsTrustedUnderAnyName() throws Exception {
        TestCa.Server server = ca.server("ssm.example.net");

        assertThat(names(probe(server, TestCa.pem(folder.resolve("pin.pem"), server.own()))))
                .containsExactly("tls.trusted");
    }

    @Test
    void aCertificateOtherThanThePinnedOneIsAChangedPin() throws Exception {
        Path pin = TestCa.pem(folder.resolve("old.pem"), ca.server("localhost").own());

        ProbeResult result = probe(ca.server("localhost"), pin);

        assertThat(result.reason()).isEqualTo("pin-changed");
        assertThat(names(result)).containsExactly("tls.pin-changed");
    }

    @Test
    void anExpiredPinnedCertificateIsExpiredRegardlessOfItsName() throws Exception {
        TestCa.Server server = ca.server(days(-20), days(-3), "ssm.example.net");

        assertThat(names(probe(server, TestCa.pem(folder.resolve("expired.pem"), server.own()))))
                .containsExactly("tls.expired");
    }

    @Test
    void aServerWithoutCommonCipherSuiteIsReported() throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(
                ca.server("localhost"),
                socket -> {
                    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                    // The certificate has an EC key, so an RSA cipher suite cannot be used.
                    socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
                },
                LoopbackServer.unresponsive())) {
            ProbeResult result = probe(server.port(), caPem);

            assertThat(result.reason()).isEqualTo("no-common");
            assertThat(names(result)).containsExactly("tls.no-common");
        }
    }

    @Test
    void aPortWithAnotherProtocolIsNotTls() throws Exception {
        try (LoopbackServer server = LoopbackServer.plain((socket, self) -> {
            socket.getInputStream().read();
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            assertThat(names(probe(server.port(), caPem))).containsExactly("tls.not-tls");
        }
    }

    @Test
    void aConnectionDroppedAtTheClientHelloIsAReset() throws Exception {
        try (LoopbackServer server = LoopbackServer.plain((socket, self) -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        })) {
            assertThat(names(probe(server.port(), caPem))).containsExactly("tcp.reset");
        }
    }

    @Test
    void anUnresponsiveServerTimesOut() throws Exception {
        try (LoopbackServer server = LoopbackServer.plain(LoopbackServer.unresponsive())) {
            ProbeResult result = probe(site(server.port(), caPem).connectionLimits(Duration.ofMillis(200)));

            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.reason()).isEqualTo("timeout");
        }
    }

    @Test
    void theProbeUsesTheTunnelOfAProxy() throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(ca.server("localhost"), LoopbackServer.unresponsive());
                LoopbackServer proxy = LoopbackServer.plain(Tunnel.to(server.port()))) {
            TestSite site = site(server.port(), caPem).behind("http://127.0.0.1:" + proxy.port());

            assertThat(names(probe(site))).containsExactly("tls.trusted");
            assertThat(proxy.heads()).singleElement().asString().startsWith("CONNECT localhost:" + server.port());
        }
    }

    @Test
    void theProbeIsSkippedWithoutAConnection() throws Exception {
        ProbeResult result = probe(TcpProbeIT.closedPort(), caPem);

        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("tcp");
    }

    @Test
    void aMissingTrustFileIsAnErrorOfTheRelayAndNotOfTheServer() throws Exception {
        ProbeResult result = probe(ca.server("localhost"), folder.resolve("missing.pem"));

        assertThat(result.status()).isEqualTo(Status.ERROR);
        assertThat(result.reason()).isEqualTo("trust");
        assertThat(String.valueOf(result.details().get("error"))).contains("missing.pem");
    }

    private static ProbeResult probe(TestCa.Server identity, Path... trust) throws Exception {
        try (LoopbackServer server = LoopbackServer.tls(identity, LoopbackServer.unresponsive())) {
            return probe(server.port(), trust);
        }
    }

    private static ProbeResult probe(int port, Path... trust) {
        return probe(site(port, trust));
    }

    private static ProbeResult probe(TestSite site) {
        return new TlsProbe(Clock.systemUTC()).run(site.target(), Deadline.in(Duration.ofSeconds(5)));
    }

    private static TestSite site(int port, Path... trust) {
        return TestSite.at("https://localhost:" + port).trusting(trust);
    }

    private static Instant days(long days) {
        return Instant.now().plus(Duration.ofDays(days));
    }

    private static List<String> names(ProbeResult result) {
        return result.findings().stream().map(Finding::name).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> chain(ProbeResult result) {
        return (List<Map<String, Object>>) result.details().getOrDefault("chain", List.of());
    }
}
