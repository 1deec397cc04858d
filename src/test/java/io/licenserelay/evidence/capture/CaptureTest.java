package io.licenserelay.evidence.capture;

import static io.licenserelay.fixture.PcapWriter.ACK;
import static io.licenserelay.fixture.PcapWriter.FIN;
import static io.licenserelay.fixture.PcapWriter.RST;
import static io.licenserelay.fixture.PcapWriter.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.capture.Conversation.Side;
import io.licenserelay.fixture.PcapWriter;
import io.licenserelay.simulator.tls.CertificateAuthority;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureTest {
    private static final Instant AT = Instant.parse("2026-01-13T11:59:02.798Z");
    private static final byte[] DATA = "some words".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void thePublishedTextIsReadUnchanged() throws Exception {
        Capture capture = seed();

        assertThat(capture.form()).isEqualTo("tcpdump-text");
        assertThat(capture.clock()).isEqualTo(Capture.Clock.OF_DAY);
        assertThat(capture.packets()).isEqualTo(10);
        assertThat(capture.notes()).containsExactly("some lines are truncated");
        Conversation only = capture.conversations().get(0);
        assertThat(capture.conversations()).hasSize(1);
        assertThat(only.client()).hasToString("192.168.10.1:57886");
        assertThat(only.server()).hasToString("10.106.66.55:8443");
        assertThat(only.handshakeMillis()).isEqualTo(244.185);
        assertThat(only.bytesOut()).isEqualTo(172 + 194);
        assertThat(only.bytesIn()).isEqualTo(1380 + 214);
        assertThat(only.sentAgain()).isZero();
        assertThat(only.reset()).isNull();
        assertThat(only.closedFirst()).isNull();
    }

    @Test
    void thePublishedHandshakeSucceedsAndItsChecksumsAreOffload() throws Exception {
        assertThat(CaptureFindings.of(seed()))
                .containsExactly(
                        new Finding(
                                "capture.handshake-well",
                                "capture: 10.106.66.55:8443 answered the SYN of 192.168.10.1:57886 in 244.2 ms"),
                        new Finding(
                                "capture.data-both-ways",
                                "capture: 366 bytes were sent to 10.106.66.55:8443 and 1594 were received"),
                        new Finding(
                                "capture.checksum-offload",
                                "capture: the 4 incorrect checksum(s) are all of 192.168.10.1, whose network card computes them"
                                        + " after the capture (offload): no corruption"));
    }

    @Test
    void textDoesNotClaimTls() throws Exception {
        assertThat(seed().conversations().get(0).tls()).isNull();
        assertThat(names(seed())).noneMatch(name -> name.contains("tls"));
    }

    @Test
    void otherTextFormsGiveTheSameResult() throws Exception {
        Capture epoch = text("""
                1768305542.798000 IP 192.168.10.1.57886 > 10.106.66.55.8443: Flags [S], seq 7, win 1, length 0
                1768305542.898000 IP 10.106.66.55.8443 > 192.168.10.1.57886: Flags [S.], seq 9, ack 8, win 1, length 0
                """);
        assertThat(epoch.clock()).isEqualTo(Capture.Clock.INSTANT);
        assertThat(epoch.first()).isEqualTo(AT.toEpochMilli() * 1000);
        assertThat(epoch.conversations().get(0).handshakeMillis()).isEqualTo(100.0);
        Capture dated = text("2026-01-13 11:59:02.798000 IP 1.2.3.4.5 > 1.2.3.5.443: Flags [S], seq 7, length 0\n");
        assertThat(dated.clock()).isEqualTo(Capture.Clock.LOCAL);
        Capture bare = text("IP 1.2.3.4.5 > 1.2.3.5.443: Flags [S], seq 7, length 0\n");
        assertThat(bare.clock()).isEqualTo(Capture.Clock.NONE);
        assertThat(bare.conversations().get(0).handshakeMillis()).isNull();
    }

    @Test
    void ipv6TextIsRead() throws Exception {
        Capture capture = text("""
                12:15:06.407513 IP6 (flowlabel 0x1, hlim 64, next-header TCP (6) payload length: 40) 2001:db8::1.57886 > 2001:db8::55.8443: Flags [S], cksum 0x1 (incorrect -> 0x2), seq 5, win 9, length 0
                12:15:06.507513 IP6 (hlim 60, next-header TCP (6) payload length: 20) 2001:db8::55.8443 > 2001:db8::1.57886: Flags [R.], cksum 0x1 (correct), seq 0, ack 6, win 0, length 0
                """);
        assertThat(capture.conversations().get(0).server()).hasToString("[2001:db8::55]:8443");
        assertThat(names(capture)).containsExactly("capture.refused", "capture.checksum-offload");
    }

    @Test
    void aCaptureMayContinuePastMidnight() throws Exception {
        Capture capture = text("""
                23:59:59.900000 IP 1.2.3.4.5 > 1.2.3.5.443: Flags [S], seq 7, length 0
                00:00:00.100000 IP 1.2.3.5.443 > 1.2.3.4.5: Flags [S.], seq 7, ack 8, length 0
                """);
        assertThat(capture.conversations().get(0).handshakeMillis()).isEqualTo(200.0);
    }

    @Test
    void aPcapFileShowsWhichSideOpenedSentAndClosed() throws Exception {
        PcapWriter pcap = PcapWriter.at(AT).opened(244).client(ACK, DATA).clientAgain(DATA);
        Capture capture =
                read(pcap.after(2000).server(ACK, DATA).server(ACK | FIN).client(ACK | FIN));

        Conversation only = capture.conversations().get(0);
        assertThat(capture.form()).isEqualTo("pcap");
        assertThat(capture.first()).isEqualTo(AT.toEpochMilli() * 1000);
        assertThat(only.opened()).isTrue();
        assertThat(only.handshakeMillis()).isEqualTo(244.05);
        assertThat(only.bytesOut()).isEqualTo(10);
        assertThat(only.bytesIn()).isEqualTo(10);
        assertThat(only.sentAgain()).isEqualTo(1);
        assertThat(only.idleMillis()).isGreaterThan(2000);
        assertThat(only.closedFirst()).isEqualTo(Side.SERVER);
        assertThat(names(capture))
                .containsExactly("capture.handshake-well", "capture.data-both-ways", "capture.sent-again");
    }

    @Test
    void ipv6IsAlsoReadFromAPcapFile() throws Exception {
        Capture capture = read(PcapWriter.v6(AT).opened(5).client(ACK, DATA).server(ACK, DATA));
        assertThat(capture.conversations()).hasSize(1);
        assertThat(capture.conversations().get(0).bytesOut()).isEqualTo(10);
        assertThat(names(capture)).contains("capture.handshake-well", "capture.data-both-ways");
    }

    @Test
    void refusalTimeoutAndResetAreDistinguished() throws Exception {
        assertThat(names(read(PcapWriter.at(AT).client(SYN).server(RST | ACK)))).containsExactly("capture.refused");
        assertThat(names(read(PcapWriter.at(AT)
                        .client(SYN)
                        .after(1000)
                        .clientSyn()
                        .after(2000)
                        .clientSyn())))
                .containsExactly("capture.no-answer-to-syn");
        assertThat(names(read(PcapWriter.at(AT).opened(5).client(ACK, DATA).server(RST))))
                .containsExactly("capture.handshake-well", "capture.reset-by-server");
        assertThat(names(read(PcapWriter.at(AT).opened(5).client(ACK, DATA).client(RST))))
                .containsExactly("capture.handshake-well", "capture.reset-by-client");
    }

    @Test
    void aCaptureThatEndsImmediatelyDoesNotProveAMissingAnswer() throws Exception {
        assertThat(names(read(PcapWriter.at(AT).client(SYN)))).isEmpty();
        assertThat(names(read(PcapWriter.at(AT).opened(5).client(ACK, DATA))))
                .containsExactly("capture.handshake-well");
    }

    @Test
    void aRequestWithoutAnswerForSecondsIsReported() throws Exception {
        assertThat(names(read(PcapWriter.at(AT)
                        .opened(5)
                        .client(ACK, DATA)
                        .after(9000)
                        .server(ACK))))
                .containsExactly("capture.handshake-well", "capture.no-answer-to-data");
    }

    @Test
    void eachUseOfAPortIsASeparateConnection() throws Exception {
        PcapWriter pcap = PcapWriter.at(AT).opened(5).client(ACK, DATA).server(RST);
        assertThat(read(pcap.opened(7).client(ACK, DATA)).conversations())
                .extracting(Conversation::handshakeMillis)
                .containsExactly(5.05, 7.05);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void dataFromTheClientProvesThatItAcceptedTheCertificate(String version) throws Exception {
        CertificateAuthority ca = CertificateAuthority.create("test");
        Capture capture = tls(ca.trusting(), ca, version);

        Conversation.Tls tls =
                Objects.requireNonNull(capture.conversations().get(0).tls());
        assertThat(tls.version()).isEqualTo(version);
        assertThat(tls.serverName()).isEqualTo("ssm.example.net");
        assertThat(tls.clientSpoke()).isTrue();
        assertThat(names(capture)).contains("capture.tls-well").doesNotContain("capture.not-tls");
    }

    @Test
    void anUnencryptedAlertShowsThatTheClientRejectedTheCertificate() throws Exception {
        CertificateAuthority ca = CertificateAuthority.create("test");
        CertificateAuthority other = CertificateAuthority.create("other");
        Capture capture = tls(other.trusting(), ca, "TLSv1.2");

        assertThat(names(capture)).contains("capture.tls-untrusted").doesNotContain("capture.tls-well");
    }

    @Test
    void anEncryptedAlertDoesNotCountAsApplicationData() throws Exception {
        CertificateAuthority ca = CertificateAuthority.create("test");
        CertificateAuthority other = CertificateAuthority.create("other");

        assertThat(names(tls(other.trusting(), ca, "TLSv1.3"))).doesNotContain("capture.tls-well");
    }

    @Test
    void theBeginningOfATruncatedFrameIsRead() throws Exception {
        CertificateAuthority ca = CertificateAuthority.create("test");
        List<TlsExchange.Flight> flights = TlsExchange.between(ca.trusting(), identity(ca), "TLSv1.2");
        Capture capture = read(TlsExchange.into(PcapWriter.snapped(128, AT), flights));

        Conversation only = capture.conversations().get(0);
        assertThat(Objects.requireNonNull(only.tls()).version()).isEqualTo("TLSv1.2");
        assertThat(only.bytesOut())
                .isEqualTo(flights.stream()
                        .filter(TlsExchange.Flight::byClient)
                        .mapToLong(each -> each.bytes().length)
                        .sum());
    }

    @Test
    void anAnswerThatIsNotTlsIsDistinguished() throws Exception {
        CertificateAuthority ca = CertificateAuthority.create("test");
        byte[] hello = TlsExchange.between(ca.trusting(), identity(ca), "TLSv1.3")
                .get(0)
                .bytes();
        Capture capture = read(PcapWriter.at(AT).opened(5).client(ACK, hello).server(ACK, DATA));
        assertThat(names(capture)).contains("capture.not-tls");
    }

    @Test
    void aFileThatIsNotACaptureIsRejectedWithTheFix() throws Exception {
        assertRejected(new byte[] {0x0a, 0x0d, 0x0d, 0x0a, 1, 2}, "pcapng", "tcpdump -r IN -w OUT");
        assertRejected(new byte[] {0x1f, (byte) 0x8b, 8, 0}, "compressed", "gunzip");
        assertRejected(DATA, "no TCP packet", "tcpdump -nn");
        assertRejected(new byte[0], "empty");
        assertRejected(PcapWriter.ofLink(276, AT).client(SYN).bytes(), "link type 276", "one interface");
        assertThatThrownBy(() -> Capture.read(folder, soon())).isInstanceOf(BadCapture.class);
    }

    @Test
    void aDamagedFileIsReadUpToTheDamage() throws Exception {
        byte[] whole = PcapWriter.at(AT).opened(5).client(ACK, DATA).bytes();
        Capture cut = read(Arrays.copyOf(whole, whole.length - 7));
        assertThat(cut.conversations()).hasSize(1);
        Random random = new Random(8443);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            for (int j = 0; j < 4; j++) {
                damaged[24 + random.nextInt(damaged.length - 24)] = (byte) random.nextInt();
            }
            assertThat(read(damaged).packets()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void aReadThatReachesTheDeadlineReturnsThePartReadSoFarWithANote() throws Exception {
        PcapWriter pcap = PcapWriter.at(AT).opened(5);
        for (int i = 0; i < 2000; i++) {
            pcap.client(ACK, DATA);
        }
        Capture capture = Capture.read(pcap.write(folder.resolve("long.pcap")), Deadline.in(Duration.ZERO));
        assertThat(capture.packets()).isEqualTo(1024);
        assertThat(capture.notes())
                .containsExactly("only the first 1024 packets were read: the time limit was reached");
    }

    private void assertRejected(byte[] bytes, String... words) throws Exception {
        Path file = Files.write(folder.resolve("bad"), bytes);
        assertThatThrownBy(() -> Capture.read(file, soon()))
                .isInstanceOf(BadCapture.class)
                .satisfies(refused -> assertThat(refused.getMessage()).contains(words));
    }

    private Capture tls(SSLContext client, CertificateAuthority ca, String version) throws Exception {
        return read(TlsExchange.into(PcapWriter.at(AT), TlsExchange.between(client, identity(ca), version)));
    }

    private static SSLContext identity(CertificateAuthority ca) {
        return ca.server("ssm.example.net").issue().sslContext();
    }

    private Capture read(PcapWriter pcap) throws Exception {
        return read(pcap.bytes());
    }

    private Capture read(byte[] bytes) throws Exception {
        return Capture.read(Files.write(folder.resolve("a.pcap"), bytes), soon());
    }

    private Capture text(String text) throws Exception {
        return Capture.read(Files.writeString(folder.resolve("a.txt"), text), soon());
    }

    private Capture seed() throws Exception {
        try (InputStream in = Objects.requireNonNull(CaptureTest.class.getResourceAsStream("/seed/tcpdump.txt"))) {
            return Capture.read(Files.write(folder.resolve("seed.txt"), in.readAllBytes()), soon());
        }
    }

    private static List<String> names(Capture capture) {
        return CaptureFindings.of(capture).stream().map(Finding::name).toList();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }
}
