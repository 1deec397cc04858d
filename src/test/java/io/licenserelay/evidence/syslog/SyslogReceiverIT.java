package io.licenserelay.evidence.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.evidence.logs.format.ReceivedFormat;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receives over real sockets and the shipped routes, and writes real files. */
class SyslogReceiverIT {
    private static final String OLD =
            "<134>Jan 13 11:17:14 SSM-On-Prem 1a1fca641d0a: [INFO] Session expiring outcome=success";
    private static final String NEW =
            "<165>1 2026-01-13T11:17:14.003Z ssm chronyd 812 - [x@1 a=\"]\\]\"] Selected source";

    @TempDir
    Path folder;

    @Test
    void everyDatagramBecomesALineWithItsSenderAndReceiveTime() throws Exception {
        Clock clock = Clock.fixed(Instant.parse("2026-01-13T11:17:14.250Z"), ZoneOffset.UTC);
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log(), clock)) {
            ssm.datagram(OLD);
            ssm.datagram(NEW + "\n");
            await().untilAsserted(() -> assertThat(ssm.lines())
                    .containsExactly(
                            "2026-01-13T11:17:14.250Z [127.0.0.1] " + OLD,
                            "2026-01-13T11:17:14.250Z [127.0.0.1] " + NEW));
            assertThat(LastReceived.of(log())).contains(clock.instant());
        }
    }

    @Test
    void bothFramingsAreReadAndMayAlternateInOneConnection() throws Exception {
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            ssm.stream(OLD + "\n" + counted(NEW) + counted("<13>two\nlines") + "<13>plain\r\n" + "no priority\n\n"
                    + "2026-01-13 is no length\n" + "12 monkeys\n");
            await().untilAsserted(() -> assertThat(ssm.messages())
                    .containsExactly(
                            OLD,
                            NEW,
                            "<13>two\\nlines",
                            "<13>plain",
                            "no priority",
                            "2026-01-13 is no length",
                            "12 monkeys"));
        }
    }

    @Test
    void aMessageMayArriveByteByByte() throws Exception {
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log());
                Socket socket = ssm.connect()) {
            byte[] bytes = (counted("<13>grüße") + OLD + "\n" + counted(NEW)).getBytes(StandardCharsets.UTF_8);
            for (byte each : bytes) {
                socket.getOutputStream().write(each);
            }
            await().untilAsserted(() -> assertThat(ssm.messages()).containsExactly("<13>grüße", OLD, NEW));
        }
    }

    @Test
    void unprintableCharactersAreReplacedAndNeverStartANewLine() throws Exception {
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            ssm.datagram(
                    "<13>a\u0000b\u001b[31mred\tend\u2028x\r\n2026-01-01T00:00:00.000Z [relay] 9 lines lost\n\u0000");
            ssm.datagram(new byte[] {'<', '1', '3', '>', (byte) 0xff, (byte) 0xfe, '!'});
            await().untilAsserted(() -> assertThat(ssm.messages())
                    .containsExactly(
                            "<13>a\uFFFDbred end\uFFFDx\\n2026-01-01T00:00:00.000Z [relay] 9 lines lost",
                            "<13>\uFFFD!"));
        }
    }

    @Test
    void aTooLongMessageIsTruncatedAndMarked() throws Exception {
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            String most = "x".repeat(SyslogMessage.MAX);
            ssm.datagram(most + "yy");
            await().untilAsserted(() -> assertThat(ssm.messages()).hasSize(1));
            ssm.stream(most + "yyy\n" + "after\n");
            await().untilAsserted(() -> assertThat(ssm.messages()).hasSize(3));
            ssm.stream("100000000 <13>" + "z".repeat(50));
            await().untilAsserted(() -> assertThat(ssm.messages())
                    .containsExactly(
                            most + "… (cut, 8194 bytes in all)",
                            most + "… (cut, 8195 bytes in all)",
                            "after",
                            "<13>" + "z".repeat(50) + "… (cut, 100000000 bytes in all)"));
        }
    }

    @Test
    void aSenderThatIsNotAllowedIsRefusedAndCounted() throws Exception {
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.from(log(), "10.66.76.80", "fd00::51")) {
            ssm.datagram(OLD);
            try (Socket refused = ssm.connect()) {
                refused.setSoTimeout(5_000);
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }
            await().untilAsserted(() -> assertThat(ssm.receiver.refused()).isEqualTo(2));
            await().untilAsserted(() -> assertThat(ssm.messages())
                    .hasSize(1)
                    .allMatch(line ->
                            line.contains("refused, the last from 127.0.0.1, which is not in the setting from")));
            assertThat(LastReceived.of(log())).isEmpty();
        }
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.from(folder.resolve("other.log"), "127.0.0.1")) {
            ssm.datagram(OLD);
            ssm.stream(OLD + "\n");
            await().untilAsserted(() -> assertThat(ssm.messages()).containsExactly(OLD, OLD));
        }
    }

    @Test
    void idleConnectionsDoNotBlockOtherSenders() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            Socket busy = ssm.connectFrom("127.0.0.9");
            idle.add(busy);
            for (String address : List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")) {
                for (int i = 0; i <= AllowedSenders.MAX_OF_ONE; i++) {
                    idle.add(ssm.connectFrom(address));
                }
                send(busy, "<13>behind " + address);
            }
            try (Socket same = ssm.connectFrom("127.0.0.5");
                    Socket other = ssm.connectFrom("127.0.0.10")) {
                send(same, "<13>one more of the same");
                send(other, "<13>another");
                await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(ssm.messages())
                        .contains("<13>one more of the same", "<13>another", "<13>behind 127.0.0.5")
                        .anyMatch(line ->
                                line.contains("refused, the last from 127.0.0.") && line.contains("idle the longest")));
                // 50 of each sender, 200 in all.
                assertThat(ssm.receiver.refused()).isGreaterThanOrEqualTo(5 + 50);
                idle.get(1).setSoTimeout(60_000);
                assertThat(idle.get(1).getInputStream().read())
                        .as("the connection that was idle the longest is closed")
                        .isEqualTo(-1);
                send(busy, "<13>still there");
                await().atMost(Duration.ofMinutes(3))
                        .untilAsserted(() -> assertThat(ssm.messages()).contains("<13>still there"));
            }
        } finally {
            for (Socket each : idle) {
                each.close();
            }
        }
    }

    @Test
    void anIdleConnectionIsClosedAndThePartialMessageIsKept() throws Exception {
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.closingIdleAfter(log(), Duration.ofMillis(500));
                Socket socket = ssm.connect()) {
            send(socket, "<13>whole");
            socket.getOutputStream().write("<13>ha".getBytes(StandardCharsets.UTF_8));
            socket.setSoTimeout(60_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            await().untilAsserted(() -> assertThat(ssm.messages()).containsExactly("<13>whole", "<13>ha"));
            assertThat(ssm.receiver.refused()).isZero();
        }
    }

    @Test
    void announcedGigabytesUseNoMemoryAndDelayNoOtherSender() throws Exception {
        List<Socket> announcing = new ArrayList<>();
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            for (int i = 0; i < 40; i++) {
                Socket socket = ssm.connect();
                announcing.add(socket);
                socket.getOutputStream().write("999999999 <13>x".getBytes(StandardCharsets.UTF_8));
            }
            // More digits than a valid length.
            ssm.stream("99999999999999999999 <13>a line\n" + counted("<13>after"));
            await().untilAsserted(() ->
                    assertThat(ssm.messages()).containsExactly("99999999999999999999 <13>a line", "<13>after"));
        } finally {
            for (Socket each : announcing) {
                each.close();
            }
        }
    }

    /** The full test has ten million lines and half a gigabyte. */
    @Test
    @Tag("deep")
    void storageIsLimitedForTinyLinesAndAnEndlessLine() throws Exception {
        int lines = Integer.getInteger("syslog.lines", 300_000);
        int bytes = Integer.getInteger("syslog.line", 20_000_000);
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.keeping(log(), 4 << 20)) {
            try (Socket socket = ssm.connect();
                    OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
                for (int i = 0; i < lines; i++) {
                    out.write('x');
                    out.write('\n');
                }
            }
            try (Socket socket = ssm.connect();
                    OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
                for (int i = 0; i < bytes; i++) {
                    out.write('y');
                }
                out.write("\n<13>after\n".getBytes(StandardCharsets.UTF_8));
            }
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(ssm.messages())
                    .contains("<13>after")
                    .contains("y".repeat(SyslogMessage.MAX) + "… (cut, " + bytes + " bytes in all)"));
            if (ssm.receiver.dropped() > 0) {
                assertThat(ssm.messages()).anyMatch(line -> line.contains("were dropped before this one"));
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThanOrEqualTo(4L << 20);
        }
    }

    private static void send(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The full test has a million messages. */
    @Test
    @Tag("deep")
    void aBurstIsStoredInOrderWithinTheSizeLimit() throws Exception {
        int all = Integer.getInteger("syslog.messages", 100_000);
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.keeping(log(), 4 << 20)) {
            try (Socket socket = ssm.connect();
                    OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
                for (int i = 0; i < all; i++) {
                    out.write((OLD + " #" + i + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(
                            ssm.receiver.dropped() > 0 || ssm.messages().contains(OLD + " #" + (all - 1)))
                    .isTrue());
            assertThat(ssm.receiver.dropped()).isZero();
            List<Integer> numbers = ssm.messages().stream()
                    .map(line -> Integer.valueOf(line.substring(line.lastIndexOf('#') + 1)))
                    .toList();
            assertThat(numbers)
                    .hasSizeGreaterThan(10_000)
                    .isEqualTo(
                            IntStream.range(all - numbers.size(), all).boxed().toList());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isBetween(2L << 20, 4L << 20);
        }
    }

    @Test
    void afterARestartNewMessagesAreAppended() throws Exception {
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            ssm.datagram("<13>before");
            await().untilAsserted(() -> assertThat(ssm.messages()).containsExactly("<13>before"));
        }
        // The file of a process that was killed within a line.
        Files.writeString(log(), Files.readString(log()) + "2026-01-13T11:17:14.250Z [127.0.0.1] <13>ha");
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            ssm.stream("<13>after\n");
            await().untilAsserted(
                            () -> assertThat(ssm.messages()).containsExactly("<13>before", "<13>ha", "<13>after"));
        }
    }

    @Test
    void aBlockedDiskDelaysNoSenderAndLostLinesAreReported() throws Exception {
        // A pipe without a reader behaves like a disk that accepts no data.
        assertThat(new ProcessBuilder("mkfifo", log().toString()).start().waitFor())
                .isZero();
        String line = "<13>" + "x".repeat(1000) + "\n";
        int all = 12_000;
        try (RandomAccessFile disk = new RandomAccessFile(log().toFile(), "rw");
                SyslogReceiverFixture ssm = SyslogReceiverFixture.into(log())) {
            try (Socket socket = ssm.connect()) {
                socket.getOutputStream().write(line.repeat(all).getBytes(StandardCharsets.UTF_8));
            }
            await().untilAsserted(() -> assertThat(ssm.receiver.dropped()).isPositive());
            BufferedReader lines = new BufferedReader(new FileReader(disk.getFD()));
            int stored = 0;
            int reportedLost = 0;
            while (stored + reportedLost < all) {
                String read = lines.readLine();
                if (read.contains("<13>")) {
                    stored++;
                } else {
                    assertThat(read).contains(" [relay] ", " were dropped before this one: the disk was too slow");
                    reportedLost += Integer.parseInt(read.split(" ")[2]);
                }
            }
            assertThat(reportedLost).isPositive().isEqualTo((int) ssm.receiver.dropped());
        }
    }

    @Test
    void anUnwritableFolderIsReportedOnceItIsWritableAgain() throws Exception {
        Path blocked = Files.writeString(folder.resolve("logs"), "a file where the folder should be");
        try (SyslogReceiverFixture ssm = SyslogReceiverFixture.into(blocked.resolve("ssm.log"))) {
            ssm.datagram("<13>lost");
            await().untilAsserted(() -> assertThat(ssm.receiver.dropped()).isEqualTo(1));
            Files.delete(blocked);
            ssm.datagram("<13>kept");
            await().untilAsserted(() -> assertThat(ssm.messages())
                    .contains("<13>kept", "1 received line(s) were dropped before this one: the disk was too slow"));
        }
    }

    @Test
    void aSenderCannotImitateANoticeOfTheRelay() {
        assertThat(ReceivedFormat.received("2026-01-13T11:17:14.250Z [relay] 3 lines"))
                .isEmpty();
        assertThat(ReceivedFormat.received("2026-01-13T11:17:14.250Z [10.0.0.1] x"))
                .isPresent();
        assertThat(ReceivedFormat.received("2026-13-13T11:17:14.250Z [10.0.0.1] x"))
                .isEmpty();
    }

    private static String counted(String message) {
        return message.getBytes(StandardCharsets.UTF_8).length + " " + message;
    }

    private Path log() {
        return folder.resolve("ssm.log");
    }
}
