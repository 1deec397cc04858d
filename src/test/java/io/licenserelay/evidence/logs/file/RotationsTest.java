package io.licenserelay.evidence.logs.file;

import static io.licenserelay.evidence.logs.LogFiles.minutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.evidence.excerpt.ByteRange;
import io.licenserelay.evidence.logs.LogBounds;
import io.licenserelay.evidence.logs.LogFiles;
import io.licenserelay.evidence.logs.WindowLines;
import io.licenserelay.evidence.logs.WindowReader;
import io.licenserelay.evidence.logs.line.LogLine;
import io.licenserelay.evidence.logs.line.Stamp;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationsTest {
    private static final Instant NOON = Instant.parse("2026-01-13T12:00:00Z");
    private static final Instant ELEVEN = NOON.minusSeconds(3600);
    private static final Instant NINE = NOON.minusSeconds(3 * 3600);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void rotatedFilesAreReadInOrderOfAge() throws Exception {
        for (String name : List.of(
                "log",
                "log.10",
                "log.2.gz",
                "log.1",
                "log-20260113.gz",
                "log-20260112",
                "log.old",
                "logs",
                "log.1.bak")) {
            Files.createFile(folder.resolve(name));
        }

        assertThat(Rotations.of(folder.resolve("log")))
                .extracting(path -> String.valueOf(path.getFileName()))
                .containsExactly("log.1", "log.2.gz", "log.10", "log-20260113.gz", "log-20260112");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log.1", "log.1.gz", "log-20260113", "log-20260113.gz"})
    void aWindowThatSpansARotationIsReadFromBothFiles(String rotated) throws Exception {
        LogFiles files = new LogFiles(folder);
        Path log = files.write("log", minutes(NOON, 30), NOON.plusSeconds(1800));
        String before = minutes(ELEVEN, 60);
        Path older = rotated.endsWith("gz") ? files.gzip(rotated, before, NOON) : files.write(rotated, before, NOON);

        WindowLines read = LogFiles.window(log, NOON.plusSeconds(60));

        assertThat(read.lines()).extracting(LogLine::at).isSorted().contains(NOON.minusSeconds(240), NOON);
        assertThat(slices(read)).containsExactly(older, log);
        assertThat(read.notes()).isEmpty();
    }

    @Test
    void olderFilesAreNotOpenedWhenTheWindowDoesNotNeedThem() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path log = files.write("log", minutes(NINE, 240), NOON.plusSeconds(3600));
        Files.createDirectory(folder.resolve("log.1"));

        assertThat(LogFiles.window(log, NOON).notes()).isEmpty();
        assertThat(LogFiles.window(log, NINE).notes())
                .containsExactly("log.1 cannot be read: it is not a regular file");
    }

    @Test
    void aCompressedFileLongBeforeTheFailureIsNotOpened() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path log = files.write("log", minutes(NOON, 30), NOON.plusSeconds(1800));
        Files.writeString(folder.resolve("log.1.gz"), "no gzip");

        assertThat(LogFiles.window(log, NOON.plusSeconds(600)).notes()).isEmpty();
        assertThat(LogFiles.window(log, NOON.plusSeconds(60)).notes())
                .singleElement()
                .asString()
                .startsWith("log.1.gz cannot be read: ");
    }

    @Test
    void aFileThatWasRenamedWhileItWasReadIsNotReadTwice() throws Exception {
        Path log = new LogFiles(folder).write("log", minutes(NOON, 5), NOON.plusSeconds(300));
        Files.createLink(folder.resolve("log.1"), log);

        WindowLines read = LogFiles.window(log, NOON.plusSeconds(60));

        assertThat(read.lines()).hasSize(3);
        assertThat(slices(read)).containsExactly(log);
    }

    @Test
    void aJustRotatedLogIsReadUnderItsNewName() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path rotated = files.write("log.1", minutes(NOON, 5), NOON.plusSeconds(300));

        WindowLines read = LogFiles.window(folder.resolve("log"), NOON.plusSeconds(60));

        assertThat(slices(read)).containsExactly(rotated);
        assertThat(read.notes()).containsExactly("log does not exist, only rotated files do");
        Files.delete(rotated);
        assertThatThrownBy(() -> LogFiles.window(folder.resolve("log"), NOON)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aDamagedCompressedFileIsReadUpToTheDamage() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path log = files.write("log", minutes(NOON, 5), NOON.plusSeconds(300));
        Path older = files.gzip("log.1.gz", minutes(NINE, 180), NOON);
        byte[] whole = Files.readAllBytes(older);
        Files.write(older, Arrays.copyOf(whole, whole.length - 10));

        WindowLines read = LogFiles.window(log, NOON.plusSeconds(60));

        assertThat(read.notes()).singleElement().asString().contains("log.1.gz is damaged after byte");
        assertThat(read.lines()).extracting(LogLine::at).contains(NOON.minusSeconds(3000));
    }

    @Test
    void aTooLargeCompressedFileIsReadUpToTheLimit() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path log = files.write("log", "", NOON);
        files.gzip("log.1.gz", minutes(NINE, 180).repeat(50), NOON);
        Window window = Window.around(LogFiles.failure(NOON, null));

        WindowLines read = new WindowReader(
                        LogFiles.log(log), window, new LogBounds(40, 1 << 16, 1 << 17), LogFiles.soon())
                .read();

        assertThat(read.notes()).singleElement().asString().contains("log.1.gz was read only up to byte 131072");
        assertThat(read.segments()).allMatch(segment -> segment.bytes().length <= 1 << 16);
    }

    @Test
    void decemberLinesInARotatedFileAreFromTheYearBeforeTheJanuaryLines() throws Exception {
        LogFiles files = new LogFiles(folder);
        Instant newYear = Instant.parse("2026-01-01T00:00:00Z");
        Path log = files.write("log", minutes(newYear, 10), newYear.plusSeconds(600));
        // A copy, whose modification time is unrelated to its lines.
        files.write("log.1", minutes(newYear.minusSeconds(1800), 30), Instant.parse("2026-12-20T00:00:00Z"));

        WindowLines read = LogFiles.window(log, newYear.plusSeconds(60));

        assertThat(read.lines()).extracting(LogLine::at).isSorted().contains(newYear.minusSeconds(60), newYear);
        Stamp december = Objects.requireNonNull(read.lines().get(0).stamp());
        assertThat(december.at()).isEqualTo("2025-12-31T23:30:00Z");
        assertThat(december.year()).isEqualTo(Stamp.Origin.NEIGHBOUR);
    }

    private static List<Path> slices(WindowLines read) {
        return read.segments().stream()
                .filter(segment -> !segment.isEmpty())
                .map(LogSegment::slice)
                .map(ByteRange::path)
                .map(Path::of)
                .toList();
    }
}
