package io.licenserelay.evidence.logs.file;

import static io.licenserelay.evidence.logs.LogFiles.minutes;
import static io.licenserelay.evidence.logs.LogFiles.syslog;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.excerpt.ByteRange;
import io.licenserelay.evidence.logs.LogFiles;
import io.licenserelay.evidence.logs.WindowLines;
import io.licenserelay.evidence.logs.line.LogLine;
import io.licenserelay.evidence.logs.time.StampHints;
import io.licenserelay.evidence.logs.time.Stamps;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log files in unusual states: truncated, renamed, still written, with holes or invalid bytes. */
class RoughFilesTest {
    private static final Instant NOON = Instant.parse("2026-01-13T12:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theReadBytesAreIdentifiedByRangeAndKeyedDigest() throws Exception {
        Path log = write(minutes(NOON.minusSeconds(20 * 3600), 1200));

        WindowLines read = LogFiles.window(log, NOON.minusSeconds(7200));

        ByteRange slice = read.segments().get(0).slice();
        byte[] bytes = Arrays.copyOfRange(Files.readAllBytes(log), (int) slice.from(), (int) slice.to());
        assertThat(slice.sha256())
                .as("a plain digest of bytes before redaction would confirm guesses at a password in them")
                .matches("[0-9a-f]{64}")
                .isNotEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
                .isEqualTo(RangeDigest.of(bytes))
                .isNotEqualTo(RangeDigest.of(new byte[] {1}));
        assertThat(slice.size()).isEqualTo(Files.size(log));
        assertThat(slice.inode())
                .isEqualTo(String.valueOf(
                        Files.readAttributes(log, BasicFileAttributes.class).fileKey()));
        assertThat(read.lines()).first().extracting(LogLine::text).asString().startsWith("Jan 1");
    }

    @Test
    void aStackTraceBelongsToThePreviousLine() throws Exception {
        String trace = " at com.viptela.vmanage.RestAPIClient(RestAPIClient.java:109) [classes:]\n".repeat(3000);
        Path log = write(syslog(NOON, "failed") + trace + syslog(NOON.plusSeconds(3600), "later"));

        List<LogLine> lines = LogFiles.window(log, NOON).lines();

        assertThat(lines).hasSize(3001).extracting(LogLine::at).containsOnly(NOON);
        assertThat(lines.subList(1, 3001)).allMatch(LogLine::continued);
    }

    @Test
    void carriageReturnsColoursInvalidBytesAndAMissingLineEndAreAccepted() throws Exception {
        Path log = write("\u001B[31m" + syslog(NOON, "red\u001B[0m\r").stripTrailing() + "\r\n");
        Files.write(log, new byte[] {(byte) 0xff, 0, 7, '\n'}, StandardOpenOption.APPEND);
        Files.writeString(log, syslog(NOON.plusSeconds(1), "half a li").stripTrailing(), StandardOpenOption.APPEND);
        Files.setLastModifiedTime(log, FileTime.from(NOON));

        assertThat(LogFiles.window(log, NOON).lines())
                .extracting(LogLine::text)
                .containsExactly(
                        syslog(NOON, "red").strip(),
                        "\uFFFD",
                        syslog(NOON.plusSeconds(1), "half a li").strip());
    }

    @Test
    void theHoleInALogThatWasTruncatedWhileWrittenIsSkipped() throws Exception {
        Path log = folder.resolve("log");
        try (RandomAccessFile sparse = new RandomAccessFile(log.toFile(), "rw")) {
            sparse.seek(4L << 30);
            sparse.write(("\n" + minutes(NOON.minusSeconds(7200), 121)).getBytes(StandardCharsets.UTF_8));
        }
        Files.setLastModifiedTime(log, FileTime.from(NOON));

        WindowLines read = LogFiles.window(log, NOON.minusSeconds(3600));

        assertThat(read.lines()).extracting(LogLine::at).contains(NOON.minusSeconds(3600));
        assertThat(read.fetched()).isLessThan(8 << 20);
    }

    @Test
    void anOpenFileStaysTheSameAfterARenameAndEndsEarlierAfterATruncation() throws Exception {
        Path log = write("0123456789");
        try (LogBytes bytes = LogBytes.open(log)) {
            Files.move(log, folder.resolve("log.1"));
            Files.writeString(log, "new");
            assertThat(bytes.read(4, 3)).asString(StandardCharsets.UTF_8).isEqualTo("456");

            try (RandomAccessFile cut =
                    new RandomAccessFile(folder.resolve("log.1").toFile(), "rw")) {
                cut.setLength(5);
            }
            assertThat(bytes.read(4, 3)).asString(StandardCharsets.UTF_8).isEqualTo("4");
            assertThat(bytes.read(8, 3)).isEmpty();
            assertThat(bytes.isCut()).isTrue();
            assertThat(bytes.count()).isEqualTo(4);
        }
    }

    @Test
    void theSearchEndsIfTheFileIsTruncatedMeanwhile() throws Exception {
        Path log = write(minutes(NOON.minusSeconds(3000 * 60), 3000));
        try (LogBytes bytes = LogBytes.open(log)) {
            Stamps stamps = StampHints.of(List.of(), NOON).stamps(LogFiles.UTC, null);
            try (RandomAccessFile cut = new RandomAccessFile(log.toFile(), "rw")) {
                cut.setLength(100);
            }
            assertThat(new TimeSearch(bytes, stamps).firstAfter(NOON.minusSeconds(3600)))
                    .isBetween(0L, bytes.size());
        }
    }

    @Test
    void theFirstLaterLineIsFoundAtAnyPosition() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            StringBuilder text = new StringBuilder();
            int lines = 1 + random.nextInt(3000);
            for (int i = 0; i < lines; i++) {
                text.append(syslog(NOON.minusSeconds(10L * (lines - i)), "-".repeat(random.nextInt(200))));
                text.append(" at x\n".repeat(random.nextInt(10) == 0 ? random.nextInt(50) : 0));
            }
            Path log = write(text.toString());
            int wanted = random.nextInt(lines + 1);
            Instant before = NOON.minusSeconds(10L * (lines - wanted) + 5);
            long expected = wanted == lines
                    ? text.length()
                    : text.indexOf(syslog(NOON.minusSeconds(10L * (lines - wanted)), "")
                            .strip());
            try (LogBytes bytes = LogBytes.open(log)) {
                Stamps stamps = StampHints.of(List.of(), NOON).stamps(LogFiles.UTC, null);
                assertThat(new TimeSearch(bytes, stamps).firstAfter(before))
                        .as("round %d, line %d of %d", round, wanted, lines)
                        .isEqualTo(expected);
            }
        }
    }

    private Path write(String text) throws Exception {
        return new LogFiles(folder).write("log", text, NOON);
    }
}
