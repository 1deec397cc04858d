package io.licenserelay.evidence.logs.time;

import static io.licenserelay.evidence.logs.LogFiles.minutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.logs.FailureTime;
import io.licenserelay.evidence.logs.LogFiles;
import io.licenserelay.evidence.logs.line.LogLine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The year of lines without one depends on their order, not only on the time of the file. */
class YearTurnTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        // In order; the time of the copy is irrelevant.
        "Nov 3|Feb 3, 2026-12-20, 2025-11-03|2026-02-03",
        "Nov 3|Feb 3, 2026-03-01, 2025-11-03|2026-02-03",
        "Dec 31|Jan 1, 2026-12-20, 2025-12-31|2026-01-01",
        "Feb 3|Nov 3, 2026-12-20, 2026-02-03|2026-11-03",
        "Nov 3|Feb 3|Feb 2, 2026-12-20, 2025-11-03|2026-02-03|2026-02-02",
        // Not quite in order.
        "Nov 3|Oct 20|Nov 4, 2026-12-20, 2026-11-03|2026-10-20|2026-11-04",
        "Dec 31|Jan 1|Dec 31|Jan 1, 2026-12-20, 2025-12-31|2026-01-01|2025-12-31|2026-01-01",
        // The clock was reset, or the lines span more than a year: the years are unknown.
        "Jun 3|Jan 1|Jun 3, 2026-12-20, -|-|-",
        "Nov 3|Feb 3|Nov 5|Feb 1, 2026-12-20, -|-|-|-",
        "Nov 3|Jan 1, 2026-11-03, -|-",
    })
    void theOrderOfDaysDeterminesTheirYears(String days, String copied, String expected) {
        List<String> lines = Arrays.stream(days.split("\\|"))
                .map(day -> day + " 12:00:00 host app: x")
                .toList();

        Stamps stamps =
                StampHints.of(lines, Instant.parse(copied + "T12:00:00Z")).stamps(LogFiles.UTC, null);

        assertThat(lines)
                .extracting(line -> stamps.of(line)
                        .map(stamp -> stamp.at().toString().substring(0, 10))
                        .orElse("-"))
                .containsExactly(expected.split("\\|"));
        assertThat(stamps.doubts().isEmpty()).isEqualTo(!expected.contains("-|-") && !expected.equals("-"));
    }

    @Test
    void aLineFarBeforeTheTurnInACopiedFileIsFromThePreviousYear() throws Exception {
        Instant november = Instant.parse("2025-11-03T12:00:00Z");
        Instant february = Instant.parse("2026-02-03T12:00:00Z");
        String text = minutes(november, 3000) + minutes(february, 3000);
        Path log = new LogFiles(folder).write("log", text, Instant.parse("2026-12-20T00:00:00Z"));

        assertThat(LogFiles.window(log, november.plusSeconds(6000)).lines())
                .extracting(LogLine::at)
                .contains(november.plusSeconds(6000))
                .allMatch(at -> at.isBefore(february));
        assertThat(LogFiles.window(log, Instant.parse("2026-11-03T13:00:00Z")).lines())
                .extracting(LogLine::at)
                .doesNotContain(Instant.parse("2026-11-03T13:00:00Z"));
    }

    @Test
    void aCompressedLogThatIsCopiedLaterKeepsTheYearInWhichItWasWritten() throws Exception {
        Instant november = Instant.parse("2025-11-03T12:00:00Z");
        Path log = new LogFiles(folder).gzip("log.gz", minutes(november, 3000), Instant.parse("2026-12-20T00:00:00Z"));
        byte[] bytes = Files.readAllBytes(log);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4, (int)
                november.plusSeconds(180_000).getEpochSecond());
        Files.write(log, bytes);

        assertThat(LogFiles.window(log, november.plusSeconds(6000)).lines())
                .extracting(LogLine::at)
                .contains(november.plusSeconds(6000));
        assertThat(FailureTime.in(LogFiles.log(log)).newest()).isEqualTo(november.plusSeconds(60 * 2999));
    }

    @Test
    void theOrderOfLinesDeterminesTheYearOfTheNewestLine() throws Exception {
        String text = "Nov  3 12:00:00 host app: x\nFeb  3 12:00:00 host app: x\nNov  1 12:00:00 host app: x\n";
        Path log = new LogFiles(folder).write("log", text, Instant.parse("2027-12-20T00:00:00Z"));

        FailureTime failureTime = FailureTime.in(LogFiles.log(log));

        assertThat(failureTime.newest()).isEqualTo("2027-11-01T12:00:00Z");
        assertThat(failureTime.doubts()).isEmpty();
    }

    @Test
    void aWindowMoreThanAYearBeforeTheEndKeepsItsYear() throws Exception {
        StringBuilder text = new StringBuilder();
        Instant first = Instant.parse("2024-11-01T00:00:00Z");
        for (int day = 0; day < 500; day++) {
            text.append(minutes(first.plusSeconds(86_400L * day), 60));
        }
        Path log = new LogFiles(folder).write("log", text.toString(), first.plusSeconds(86_400L * 500));
        Instant failed = first.plusSeconds(86_400L * 20 + 600);

        assertThat(LogFiles.window(log, failed).lines())
                .extracting(LogLine::at)
                .contains(failed)
                .allMatch(at -> at.isBefore(failed.plusSeconds(120)));
    }
}
