package io.licenserelay.config.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.licenserelay.fixture.CapturedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustIT {
    private static final Issued CA = Issued.authority("Relay Test CA");

    private final Path pem;

    TrustIT(@TempDir Path folder) {
        pem = folder.resolve("trust.pem");
    }

    @Test
    void aChainToATrustedCaWithTheHostsNameIsGood() throws Exception {
        assertAccepted(trust(CA), CA.server("localhost"));
    }

    @Test
    void aTrustedCertificateForAnotherNameIsANameMismatch() throws Exception {
        SSLException refused = refused(trust(CA), CA.server("other.example.net"));
        assertThat(refused).hasMessageContaining("localhost").hasRootCauseInstanceOf(CertificateException.class);
    }

    @Test
    void aChainToAnUnknownCaIsRefused() throws Exception {
        Issued stranger = Issued.authority("Another CA");
        assertThat(refused(trust(CA), stranger.server("localhost"))).hasMessageContaining("PKIX path");
    }

    @Test
    void anExpiredCertificateOfATrustedCaIsRefused() throws Exception {
        Issued expired = CA.server("localhost", Duration.ofDays(-1));
        assertThat(refused(trust(CA), expired)).hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void aPinnedCertificateReplacesChainAndName() throws Exception {
        Issued own = Issued.alone("some-appliance");
        assertAccepted(trust(own), own);
        Issued signedByStranger = Issued.authority("Another CA").server("some-appliance");
        assertAccepted(trust(signedByStranger), signedByStranger);
    }

    @Test
    void aPinnedCertificateThatIsMarkedAsCaIsPinnedAllTheSame() throws Exception {
        assertAccepted(trust(CA), CA);
    }

    @Test
    void aPinnedCertificateIsRefusedOnceExpired() throws Exception {
        Issued expired = Issued.alone("localhost", Duration.ofDays(-1));
        assertThat(refused(trust(expired), expired)).hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void anotherCertificateThanThePinnedOneIsToldAsSuch() throws Exception {
        Issued now = CA.server("localhost");
        SSLException refused = refused(trust(Issued.alone("localhost")), now);
        assertThat(refused)
                .cause()
                .asInstanceOf(type(PinChanged.class))
                .extracting(PinChanged::served)
                .isEqualTo(now.certificate());
    }

    @Test
    void oldAndNewAreBothGoodWhileTheyOverlap() throws Exception {
        Issued old = Issued.alone("old");
        Issued fresh = Issued.alone("new");
        assertAccepted(trust(old, fresh), old);
        assertAccepted(trust(old, fresh), fresh);
        Path another = Issued.write(pem.resolveSibling("another.pem"), CA);
        Trust ofTwoFiles = Trust.of(List.of(Issued.write(pem, old), another));
        assertAccepted(ofTwoFiles, old);
        assertAccepted(ofTwoFiles, CA.server("localhost"));
    }

    @Test
    void aRotatedFileCountsFromTheNextHandshake() throws Exception {
        Issued old = Issued.alone("old");
        Issued fresh = Issued.alone("new");
        Trust trust = trust(old);
        assertAccepted(trust, old);
        Issued.write(pem, fresh);
        assertAccepted(trust, fresh);
        assertThat(refused(trust, old)).hasCauseInstanceOf(PinChanged.class);
    }

    @Test
    void aResumedSessionDoesNotOutliveARotationForLong() throws Exception {
        assertThat(trust(CA).context().getClientSessionContext().getSessionTimeout())
                .isBetween(1, 300);
    }

    @Test
    void aFileThatBreaksLeavesTheLastGoodOneInUseAndWarnsOnce() throws Exception {
        Issued own = Issued.alone("own");
        Trust trust = trust(own);
        try (CapturedLog log = new CapturedLog(PemFiles.class)) {
            Files.writeString(pem, "half a fi");
            assertAccepted(trust, own);
            Files.delete(pem);
            assertAccepted(trust, own);
            assertThat(log.warnings()).singleElement().asString().contains(pem + " has no certificate");
        }
        Issued fresh = Issued.alone("fresh");
        Issued.write(pem, fresh);
        assertAccepted(trust, fresh);
    }

    @Test
    void withoutFilesTheJdksAuthoritiesCountAndOursIsNone() throws Exception {
        Trust trust = Trust.of(List.of());
        assertThat(refused(trust, CA.server("localhost"))).hasMessageContaining("PKIX path");
        assertThat(trust.trustManager().getAcceptedIssuers()).hasSizeGreaterThan(10);
    }

    @Test
    void theNameIsCheckedOnAnEngineThatNobodyToldTo() throws Exception {
        Trust trust = trust(CA);
        handshake(trust.context().createSSLEngine("localhost", 1), CA.server("localhost"));
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() ->
                        handshake(trust.context().createSSLEngine("localhost", 1), CA.server("other.example.net")))
                .withMessageContaining("localhost");
    }

    @Test
    void aConnectionWithoutTheServersNameIsRefused() throws Exception {
        SSLEngine nameless = trust(CA).context().createSSLEngine();
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() -> handshake(nameless, CA.server("localhost")))
                .withMessageContaining("without the server's name");
    }

    @Test
    void aBareChainHasNoNameToCheckAndOnlyAPinPasses() throws Exception {
        Issued own = Issued.alone("own");
        X509Certificate[] signed = {CA.server("localhost").certificate()};
        Trust trust = trust(CA, own);
        trust.trustManager().checkServerTrusted(new X509Certificate[] {own.certificate()}, "EC");
        assertThatExceptionOfType(CertificateException.class)
                .isThrownBy(() -> trust.trustManager().checkServerTrusted(signed, "EC"))
                .withMessageContaining("no connection");
    }

    @Test
    void clientsAreNeverTrusted() throws Exception {
        X509Certificate[] chain = {CA.certificate()};
        assertThatExceptionOfType(CertificateException.class)
                .isThrownBy(() -> trust(CA).trustManager().checkClientTrusted(chain, "EC"));
    }

    @Test
    void aFileWithoutCertificateIsNamed() throws Exception {
        Files.writeString(pem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatIOException().isThrownBy(() -> Trust.of(List.of(pem))).withMessageContaining(pem + " has a damaged");
        Files.writeString(pem, "");
        assertThatIOException().isThrownBy(() -> Trust.of(List.of(pem))).withMessageContaining(pem + " has no");
    }

    private Trust trust(Issued... several) throws IOException {
        return Trust.of(List.of(Issued.write(pem, several)));
    }

    /** Once as it comes, and once with the parameters that HTTP clients set by themselves. */
    private static void assertAccepted(Trust trust, Issued shown) throws Exception {
        try (TlsServer server = new TlsServer(shown)) {
            assertThat(read(trust, server, false)).isEqualTo('!');
            assertThat(read(trust, server, true)).isEqualTo('!');
        }
    }

    private static SSLException refused(Trust trust, Issued shown) throws Exception {
        TlsServer server = new TlsServer(shown);
        SSLException refused;
        try (server) {
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> read(trust, server, true));
            refused = assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> read(trust, server, false))
                    .actual();
        }
        assertThat(server.refusals()).isEqualTo(2);
        return refused;
    }

    private static int read(Trust trust, TlsServer server, boolean checkName) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) trust.context().getSocketFactory().createSocket("localhost", server.port())) {
            socket.setSoTimeout(10_000);
            if (checkName) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            return socket.getInputStream().read();
        }
    }

    /** Lets two engines talk until the client is content, or throws what it was not content with. */
    private static void handshake(SSLEngine client, Issued shown) throws SSLException {
        SSLEngine server = TlsServer.context(shown).createSSLEngine();
        server.setUseClientMode(false);
        client.setUseClientMode(true);
        client.beginHandshake();
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        for (int turn = 0; turn < 50 && client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING; turn++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            default -> {
                in.flip();
                engine.unwrap(in, ByteBuffer.allocate(1 << 16));
                in.compact();
            }
        }
    }
}
