package io.licenserelay.manager.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagerLogSpoolTest {
    @TempDir
    Path folder;

    @Test
    void onlyNewLinesOfAnOverlappingFetchAreStored() throws IOException {
        ManagerLogSpool spool = spool(1 << 20);
        store(spool, lines(0, 500));
        store(spool, lines(300, 700));
        store(spool, lines(650, 700));
        assertThat(Files.readAllLines(file())).isEqualTo(lines(0, 700));
    }

    @Test
    void repeatedLinesAreStoredAsOftenAsTheyOccurred() throws IOException {
        ManagerLogSpool spool = spool(1 << 20);
        List<String> trace = List.of("ERROR one", "\tat a", "\tat b", "ERROR two", "\tat a", "\tat b");
        store(spool, trace.subList(0, 3));
        store(spool, trace);
        store(spool, trace);
        assertThat(Files.readAllLines(file())).isEqualTo(trace);
    }

    @Test
    void aGapIsDetected() throws IOException {
        ManagerLogSpool spool = spool(1 << 20);
        store(spool, lines(0, 10));
        assertThat(spool.compare(lines(20, 30)).isContiguous()).isFalse();
        assertThat(spool.compare(lines(20, 30)).newLines()).isEqualTo(lines(20, 30));
        assertThat(spool.compare(List.of()).newLines()).isEmpty();
    }

    @Test
    void aFullFileIsRotatedWithoutLosingALine() throws IOException {
        ManagerLogSpool spool = spool(4_000);
        for (int i = 0; i < 100; i++) {
            store(spool, lines(Math.max(0, i * 50 - 100), i * 50 + 50));
        }
        assertThat(Files.size(file())).isLessThanOrEqualTo(4_000);
        assertThat(Files.size(folder.resolve("manager.log.1"))).isLessThanOrEqualTo(4_000);
        List<String> storedLines = new ArrayList<>(Files.readAllLines(folder.resolve("manager.log.1")));
        storedLines.addAll(Files.readAllLines(file()));
        assertThat(storedLines).isEqualTo(lines(5_000 - storedLines.size(), 5_000));
    }

    @Test
    void aTruncatedLineIsTerminatedAndRedactionMarksOfDifferentStartsAreEqual() throws IOException {
        ManagerLogSpool spool = spool(1 << 20);
        store(spool, List.of("one", "two of ***aaaaaa***"));
        assertThat(spool.compare(List.of("one", "two of ***bbbbbb***", "three")).newLines())
                .containsExactly("three");
        Files.writeString(file(), "thr", StandardOpenOption.APPEND);
        spool.append(List.of("three"), "");
        assertThat(Files.readAllLines(file())).containsExactly("one", "two of ***aaaaaa***", "thr", "three");
    }

    private static void store(ManagerLogSpool spool, List<String> fetched) throws IOException {
        ManagerLogSpool.Fetched compared = spool.compare(fetched);
        assertThat(compared.isContiguous()).isTrue();
        spool.append(compared.newLines(), "");
    }

    private ManagerLogSpool spool(long bytes) {
        return new ManagerLogSpool(file(), bytes);
    }

    private Path file() {
        return folder.resolve("manager.log");
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }
}
