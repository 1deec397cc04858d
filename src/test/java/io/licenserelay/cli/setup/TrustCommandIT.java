package io.licenserelay.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.cli.CommandResult;
import io.licenserelay.config.tls.Trust;
import io.licenserelay.evidence.probes.tls.Certificates;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustCommandIT {
    @TempDir
    Path folder;

    @Test
    void theCertificateIsPinnedOnlyWithTheRightFingerprint() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder().start()) {
            X509Certificate own = ssm.certificate().certificate();
            CommandResult result = trust(ssm.url().toString(), "--yes", "--sha256", Certificates.fingerprint(own));
            Path pem = folder.resolve("trust").resolve(ssm.url().getHost() + ".pem");
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("1. subject", "2. subject", "issuer", "names    ", "valid    ", "✗ no trusted CA issued")
                    .contains("SHA-256  " + Certificates.fingerprint(own), "✓ The name matches.")
                    .contains("  trust: " + pem);
            assertThat(Trust.certificates(pem)).containsExactly(own);
            assertThat(ssm.requests().total())
                    .as("only a handshake, no request")
                    .isZero();

            String before = Files.readString(pem);
            CommandResult again = trust(ssm.url().toString(), "--yes", "--sha256", Certificates.fingerprint(own));
            assertThat(again.exitCode()).isZero();
            assertThat(again.out()).contains("already contains this certificate");
            assertThat(Files.readString(pem)).isEqualTo(before);
        }
    }

    @Test
    void theCaOfTheServerCanBeTrustedInstead() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder().start()) {
            X509Certificate ca = ssm.authority().certificate();
            Path pem = folder.resolve("ca.pem");
            String hex = Certificates.fingerprint(ca).replace(":", "").toLowerCase(Locale.ROOT);
            CommandResult result =
                    trust(ssm.url().toString(), "--ca", "--yes", "--sha256", hex, "--out", pem.toString());
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(Trust.certificates(pem)).containsExactly(ca);
        }
    }

    @Test
    void aWrongFingerprintIsRejectedAndNothingIsWritten() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder().start()) {
            CommandResult result = trust(ssm.url().toString(), "--yes", "--sha256", "AB".repeat(32));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .contains("does not match --sha256")
                    .contains(Certificates.fingerprint(ssm.certificate().certificate()));
            assertThat(folder.resolve("trust")).doesNotExist();
        }
    }

    @Test
    void anotherCertificateIsReplacedOnlyOnRequest() throws Exception {
        Path pem = folder.resolve("ssm.pem");
        try (SsmSimulator first = SsmSimulator.builder().start();
                SsmSimulator second = SsmSimulator.builder().start()) {
            X509Certificate old = first.certificate().certificate();
            X509Certificate own = second.certificate().certificate();
            String[] ofFirst = {"--yes", "--out", pem.toString(), "--sha256", Certificates.fingerprint(old)};
            String[] ofSecond = {"--yes", "--out", pem.toString(), "--sha256", Certificates.fingerprint(own)};
            assertThat(trust(first.url().toString(), ofFirst).exitCode()).isZero();

            CommandResult refused = trust(second.url().toString(), ofSecond);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("contains another certificate", Certificates.fingerprint(old), "--replace");
            assertThat(Trust.certificates(pem)).containsExactly(old);

            String[] replacing = {
                "--replace", "--yes", "--out", pem.toString(), "--sha256", Certificates.fingerprint(own)
            };
            assertThat(trust(second.url().toString(), replacing).exitCode()).isZero();
            assertThat(Trust.certificates(pem)).containsExactly(own);
        }
    }

    @Test
    void aFileWithoutACertificateIsNeverOverwritten() throws Exception {
        Path file = Files.writeString(folder.resolve("relay.yaml"), "sites: []\n");
        try (SsmSimulator ssm = SsmSimulator.builder().start()) {
            String hex = Certificates.fingerprint(ssm.certificate().certificate());
            CommandResult result =
                    trust(ssm.url().toString(), "--replace", "--yes", "--out", file.toString(), "--sha256", hex);
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("has no certificate in PEM form", "set another --out");
            assertThat(file).hasContent("sites: []\n");
        }
    }

    @Test
    void withoutTheOptionYesThePinNeedsConfirmation() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder().start()) {
            Path pem = folder.resolve("trust").resolve(ssm.url().getHost() + ".pem");
            CommandResult no = trustWithInput("no\n", ssm.url().toString());
            assertThat(no.exitCode()).isEqualTo(1);
            assertThat(no.err()).contains("Not confirmed. Nothing was written");
            assertThat(trustWithInput("", ssm.url().toString()).exitCode()).isEqualTo(1);
            assertThat(pem).doesNotExist();

            CommandResult yes = trustWithInput("yes\n", ssm.url().toString());
            assertThat(yes.exitCode()).isZero();
            assertThat(yes.out()).contains("Is this the fingerprint from the administrators of SSM?");
            assertThat(pem).exists();
        }
    }

    @Test
    void failuresToGetACertificateAreDistinguished() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = closed.getLocalPort();
            closed.close();
            assertThat(refusal("https://127.0.0.1:" + port)).contains("refuses the connection", "8443");
        }
        assertThat(refusal("https://no-such-host.invalid:8443")).contains("unknown host no-such-host.invalid");
        try (ServerSocket plain = serverThatAnswers("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            assertThat(refusal("https://127.0.0.1:" + plain.getLocalPort())).contains("does not use TLS");
        }
        try (ServerSocket unresponsive = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(refusal("https://127.0.0.1:" + unresponsive.getLocalPort(), "--timeout", "1"))
                    .contains("presented no certificate within 1 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://ssm.example.net", "https://me:secret-1@ssm.example.net", "https://", "a b"})
    void anInvalidAddressIsReportedWithTheExpectedForm(String url) {
        CommandResult result = trust(url);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("https://ssm.example.net:8443").doesNotContain("secret-1");
    }

    @Test
    void yesWithoutAFingerprintIsRejectedBeforeConnecting() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(1);
            CommandResult result = trust("https://127.0.0.1:" + listener.getLocalPort(), "--yes");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("--yes requires --sha256");
            CommandResult wrong = trust("https://127.0.0.1:" + listener.getLocalPort(), "--sha256", "AB");
            assertThat(wrong.err()).contains("64 hexadecimal digits");
            assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private String refusal(String url, String... options) {
        CommandResult result = trust(url, options);
        assertThat(result.exitCode()).as(result.out()).isEqualTo(1);
        assertThat(result.err()).contains("Nothing was written");
        return result.err();
    }

    private CommandResult trust(String url, String... options) {
        List<String> all = new ArrayList<>(List.of("trust", url, "--config", folder.toString()));
        all.addAll(List.of(options));
        return CommandResult.of(all.toArray(String[]::new));
    }

    private CommandResult trustWithInput(String answer, String url) {
        InputStream terminal = System.in;
        System.setIn(new ByteArrayInputStream(answer.getBytes(StandardCharsets.US_ASCII)));
        try {
            return trust(url);
        } finally {
            System.setIn(terminal);
        }
    }

    private static ServerSocket serverThatAnswers(String answer) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[64]);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException connectionClosed) {
                Thread.currentThread().setName("connection closed: " + connectionClosed.getMessage());
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }
}
