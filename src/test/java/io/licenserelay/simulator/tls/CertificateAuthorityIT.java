package io.licenserelay.simulator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.simulator.ssm.Https;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityIT {
    private final CertificateAuthority authority = CertificateAuthority.create("Test CA");

    @Test
    void thePemFileContainsTheCaThatSignedTheServerCertificate(@TempDir Path dir) throws Exception {
        Path file = authority.writeTo(dir.resolve("ca.pem"));
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate read =
                (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
        authority.server("localhost").issue().certificate().verify(read.getPublicKey());
        assertThat(Files.readString(file, StandardCharsets.US_ASCII)).startsWith("-----BEGIN CERTIFICATE-----\n");
    }

    @Test
    void aServerPresentsItsFullChainAndIsTrustedByNameAndAddress() throws Exception {
        ServerCertificate rsa = authority.server("localhost", "127.0.0.1").rsa().issue();
        assertThat(rsa.certificate().getPublicKey()).isInstanceOf(RSAPublicKey.class);
        assertThat(rsa.chain()).containsExactly(rsa.certificate(), authority.certificate());
        assertThat(statusAt("localhost", rsa)).isEqualTo(404);
        assertThat(statusAt("127.0.0.1", rsa)).isEqualTo(404);
    }

    @Test
    void clientsRejectExpiredFutureWrongNameAndSelfSignedCertificates() {
        Instant now = Instant.now();
        assertRejected(authority
                .server("localhost")
                .valid(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)))
                .issue());
        assertRejected(authority
                .server("localhost")
                .valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)))
                .issue());
        assertRejected(authority.server("ssm.example.net").issue());
        assertRejected(CertificateAuthority.selfSigned("localhost"));
    }

    private void assertRejected(ServerCertificate certificate) {
        assertThatThrownBy(() -> statusAt("localhost", certificate)).isInstanceOf(SSLHandshakeException.class);
    }

    private int statusAt(String host, ServerCertificate certificate) throws IOException, InterruptedException {
        try (SsmSimulator ssm = SsmSimulator.builder().certificate(certificate).start()) {
            return new Https(URI.create("https://" + host + ":" + ssm.port()), authority)
                    .get("/")
                    .statusCode();
        }
    }
}
