package io.licenserelay.evidence.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts the bytes that are read instead of the time: a file that is ten times as large costs the same number. */
class HugeLogTest {
    private static final Instant LAST = Instant.parse("2026-01-13T12:00:00Z");

    /** Twenty lines of 100 bytes per second: 10,000 seconds are 20 MB. */
    private static final int LINES_PER_SECOND = 20;

    private static final int SMALL = 10_000;
    private static final int MOST_READ = 2 << 20;

    @TempDir
    private static Path folder = Path.of("");

    private static Path small = Path.of("");
    private static Path large = Path.of("");

    @BeforeAll
    static void write() throws Exception {
        small = written("small", SMALL);
        large = written("large", 10 * SMALL);
        assertThat(Files.size(small)).isEqualTo(20_000_000L);
        assertThat(Files.size(large)).isEqualTo(200_000_000L);
    }

    @Test
    void aWindowAtTheEndCostsTheSameInALargeFile() throws Exception {
        assertSame(LAST.minusSeconds(30));
    }

    @Test
    void aWindowFarBeforeTheEndCostsTheSameInALargeFile() throws Exception {
        assertSame(LAST.minusSeconds(8_000));
    }

    @Test
    void aWindowAtTheBeginningIsFoundWithoutReadingTheWholeFile() throws Exception {
        Instant failed = LAST.minusSeconds(10L * SMALL - 300);

        WindowLines read = LogFiles.window(large, failed);

        assertThat(read.lines()).anyMatch(line -> failed.equals(line.at()));
        assertThat(read.fetched()).isLessThan(MOST_READ);
    }

    private static void assertSame(Instant failed) throws Exception {
        WindowLines ofSmall = LogFiles.window(small, failed);
        WindowLines ofLarge = LogFiles.window(large, failed);

        assertThat(ofSmall.lines()).anyMatch(line -> failed.equals(line.at()));
        assertThat(ofLarge.lines()).isEqualTo(ofSmall.lines());
        assertThat(ofLarge.fetched()).isEqualTo(ofSmall.fetched()).isLessThan(MOST_READ);
    }

    private static Path written(String name, int seconds) throws Exception {
        Path path = folder.resolve(name);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
            for (int second = seconds - 1; second >= 0; second--) {
                String head = LogFiles.syslog(LAST.minus(Duration.ofSeconds(second)), "x")
                        .strip();
                byte[] line = (head + "-".repeat(99 - head.length()) + "\n").getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < LINES_PER_SECOND; i++) {
                    out.write(line);
                }
            }
        }
        return Files.setLastModifiedTime(path, FileTime.from(LAST));
    }
}
