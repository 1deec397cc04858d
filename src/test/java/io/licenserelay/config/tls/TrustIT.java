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
    void aChainToATrustedCaWithTheHostNameIsAccepted() throws Exception {
        assertAccepted(trust(CA), CA.server("localhost"));
    }

    @Test
    void aTrustedCertificateForAnotherNameIsRejected() throws Exception {
        SSLException rejection = rejectedBy(trust(CA), CA.server("other.example.net"));
        assertThat(rejection).hasMessageContaining("localhost").hasRootCauseInstanceOf(CertificateException.class);
    }

    @Test
    void aChainToAnUnknownCaIsRejected() throws Exception {
        Issued unknownCa = Issued.authority("Another CA");
        assertThat(rejectedBy(trust(CA), unknownCa.server("localhost"))).hasMessageContaining("PKIX path");
    }

    @Test
    void anExpiredCertificateOfATrustedCaIsRejected() throws Exception {
        Issued expired = CA.server("localhost", Duration.ofDays(-1));
        assertThat(rejectedBy(trust(CA), expired)).hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void aPinnedCertificateNeedsNoChainAndNoHostName() throws Exception {
        Issued own = Issued.selfSigned("some-appliance");
        assertAccepted(trust(own), own);
        Issued signedByUnknownCa = Issued.authority("Another CA").server("some-appliance");
        assertAccepted(trust(signedByUnknownCa), signedByUnknownCa);
    }

    @Test
    void aPinnedCertificateMayBeMarkedAsCa() throws Exception {
        assertAccepted(trust(CA), CA);
    }

    @Test
    void anExpiredPinnedCertificateIsRejected() throws Exception {
        Issued expired = Issued.selfSigned("localhost", Duration.ofDays(-1));
        assertThat(rejectedBy(trust(expired), expired)).hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void aCertificateOtherThanThePinnedOneIsReportedAsPinChange() throws Exception {
        Issued other = CA.server("localhost");
        SSLException rejection = rejectedBy(trust(Issued.selfSigned("localhost")), other);
        assertThat(rejection)
                .cause()
                .asInstanceOf(type(PinChanged.class))
                .extracting(PinChanged::served)
                .isEqualTo(other.certificate());
    }

    @Test
    void theOldAndTheNewCertificateAreAcceptedTogether() throws Exception {
        Issued old = Issued.selfSigned("old");
        Issued fresh = Issued.selfSigned("new");
        assertAccepted(trust(old, fresh), old);
        assertAccepted(trust(old, fresh), fresh);
        Path another = Issued.write(pem.resolveSibling("another.pem"), CA);
        Trust ofTwoFiles = Trust.of(List.of(Issued.write(pem, old), another));
        assertAccepted(ofTwoFiles, old);
        assertAccepted(ofTwoFiles, CA.server("localhost"));
    }

    @Test
    void aRotatedFileIsUsedFromTheNextHandshake() throws Exception {
        Issued old = Issued.selfSigned("old");
        Issued fresh = Issued.selfSigned("new");
        Trust trust = trust(old);
        assertAccepted(trust, old);
        Issued.write(pem, fresh);
        assertAccepted(trust, fresh);
        assertThat(rejectedBy(trust, old)).hasCauseInstanceOf(PinChanged.class);
    }

    @Test
    void tlsSessionsExpireWithinFiveMinutes() throws Exception {
        assertThat(trust(CA).context().getClientSessionContext().getSessionTimeout())
                .isBetween(1, 300);
    }

    @Test
    void aDamagedFileIsLoggedOnceAndTheLastValidContentStaysInUse() throws Exception {
        Issued own = Issued.selfSigned("own");
        Trust trust = trust(own);
        try (CapturedLog log = new CapturedLog(PemFiles.class)) {
            Files.writeString(pem, "half a fi");
            assertAccepted(trust, own);
            Files.delete(pem);
            assertAccepted(trust, own);
            assertThat(log.warnings()).singleElement().asString().contains(pem + " has no certificate");
        }
        Issued fresh = Issued.selfSigned("fresh");
        Issued.write(pem, fresh);
        assertAccepted(trust, fresh);
    }

    @Test
    void withoutFilesOnlyTheAuthoritiesOfTheJdkAreTrusted() throws Exception {
        Trust trust = Trust.of(List.of());
        assertThat(rejectedBy(trust, CA.server("localhost"))).hasMessageContaining("PKIX path");
        assertThat(trust.trustManager().getAcceptedIssuers()).hasSizeGreaterThan(10);
    }

    @Test
    void theHostNameIsCheckedEvenIfTheEngineDoesNotRequestIt() throws Exception {
        Trust trust = trust(CA);
        handshake(trust.context().createSSLEngine("localhost", 1), CA.server("localhost"));
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() ->
                        handshake(trust.context().createSSLEngine("localhost", 1), CA.server("other.example.net")))
                .withMessageContaining("localhost");
    }

    @Test
    void aConnectionWithoutTheServerNameIsRejected() throws Exception {
        SSLEngine nameless = trust(CA).context().createSSLEngine();
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() -> handshake(nameless, CA.server("localhost")))
                .withMessageContaining("without the server's name");
    }

    @Test
    void withoutAConnectionOnlyAPinnedCertificateIsAccepted() throws Exception {
        Issued own = Issued.selfSigned("own");
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
    void aFileWithoutACertificateIsReportedWithItsPath() throws Exception {
        Files.writeString(pem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatIOException().isThrownBy(() -> Trust.of(List.of(pem))).withMessageContaining(pem + " has a damaged");
        Files.writeString(pem, "");
        assertThatIOException().isThrownBy(() -> Trust.of(List.of(pem))).withMessageContaining(pem + " has no");
    }

    private Trust trust(Issued... certificates) throws IOException {
        return Trust.of(List.of(Issued.write(pem, certificates)));
    }

    /** Connects once with default parameters, and once with the parameters that HTTP clients set. */
    private static void assertAccepted(Trust trust, Issued certificate) throws Exception {
        try (TlsServer server = new TlsServer(certificate)) {
            assertThat(read(trust, server, false)).isEqualTo('!');
            assertThat(read(trust, server, true)).isEqualTo('!');
        }
    }

    private static SSLException rejectedBy(Trust trust, Issued certificate) throws Exception {
        TlsServer server = new TlsServer(certificate);
        SSLException rejection;
        try (server) {
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> read(trust, server, true));
            rejection = assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> read(trust, server, false))
                    .actual();
        }
        assertThat(server.failedHandshakes()).isEqualTo(2);
        return rejection;
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

    /** Runs a handshake between two engines until the client is finished. Throws the exception of the client if it rejects the server. */
    private static void handshake(SSLEngine client, Issued certificate) throws SSLException {
        SSLEngine server = TlsServer.context(certificate).createSSLEngine();
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
