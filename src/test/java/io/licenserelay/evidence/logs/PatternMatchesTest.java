package io.licenserelay.evidence.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.excerpt.LineFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The findings of an operator's patterns come only from the lines of the window. */
class PatternMatchesTest {
    private static final Instant FAILED = Instant.parse("2026-01-13T12:00:00Z");
    private static final LogPattern DISK = pattern("local.disk-full", "ssm", "No space left");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theNewestLineOfTheWindowIsCitedWithLogAndTime() throws Exception {
        LogReading reading = read(
                List.of(DISK),
                line(FAILED.minusSeconds(120), "write failed: No space left on device"),
                line(FAILED.minusSeconds(60), "write failed again: No space left on device"),
                line(FAILED, "something else"));

        assertThat(reading.findings())
                .containsExactly(
                        new Finding("local.disk-full", "log ssm: at 2026-01-13T11:59:00Z it says local.disk-full"));
        assertThat(reading.excerpt().facts()).extracting(LineFacts::telling).containsExactly(false, true, false);
    }

    @Test
    void aLineOutsideTheWindowGivesNoFinding() throws Exception {
        assertThat(names(read(
                        List.of(DISK),
                        line(FAILED.minusSeconds(301), "No space left on device"),
                        line(FAILED, "quiet"),
                        line(FAILED.plusSeconds(61), "No space left on device"))))
                .isEmpty();
        assertThat(names(read(
                        List.of(DISK),
                        line(FAILED.minusSeconds(300), "No space left on device"),
                        line(FAILED, "quiet"))))
                .containsExactly("local.disk-full");
    }

    @Test
    void aLineWithoutTimestampHasTheTimeOfThePreviousLineAndWithoutOneGivesNoFinding() throws Exception {
        assertThat(names(read(List.of(DISK), line(FAILED, "write failed"), "  caused by: No space left on device")))
                .containsExactly("local.disk-full");
        assertThat(names(read(List.of(DISK), "No space left on device"))).isEmpty();
    }

    @Test
    void aPatternIsSearchedOnlyInItsLogAndAnyMeansEveryLog() throws Exception {
        LogPattern other = pattern("local.other", "nginx", "No space left");
        LogPattern any = pattern("local.any", LogPattern.ANY, "(?i)NO SPACE");

        assertThat(names(read(List.of(other, any), line(FAILED, "No space left on device"))))
                .containsExactly("local.any");
    }

    @Test
    void aCitedLineIsShownEvenIfManyLinesAreNearerToTheFailure() throws Exception {
        List<String> lines = new ArrayList<>(List.of(line(FAILED.minusSeconds(200), "No space left on device")));
        IntStream.range(0, 500).forEach(i -> lines.add(line(FAILED, "quiet " + i)));

        LogReading reading = read(List.of(DISK), lines.toArray(String[]::new));

        assertThat(reading.excerpt().lines()).hasSize(40).first().asString().contains("No space left on device");
    }

    @Test
    void linesThatARouteFetchedAreAlsoSearched() {
        byte[] text = line(FAILED, "No space left on device").getBytes(StandardCharsets.UTF_8);

        LogReading reading = new LogReader(List.of(DISK))
                .read(log(Path.of("direct:log-ssm")), failure(), text, false, FAILED.plusSeconds(5), soon());

        assertThat(names(reading)).containsExactly("local.disk-full");
    }

    @Test
    void afterTheDeadlineNothingIsSearchedAndANoteReportsIt() {
        byte[] text = line(FAILED, "No space left on device").getBytes(StandardCharsets.UTF_8);

        LogReading reading = new LogReader(List.of(DISK))
                .read(
                        log(Path.of("direct:log-ssm")),
                        failure(),
                        text,
                        false,
                        FAILED.plusSeconds(5),
                        Deadline.in(Duration.ZERO));

        assertThat(names(reading)).isEmpty();
        assertThat(reading.excerpt().note())
                .isEqualTo(
                        "lines of 2026-01-13T12:00:00Z and earlier were not searched for the patterns of diagnoses.d: the time limit was reached");
    }

    /** Uses the longest lines and the costliest patterns that are allowed. A backtracking matcher would not end in time. */
    @Test
    @Timeout(60)
    void noPatternExceedsTheDeadline() throws Exception {
        List<LogPattern> patterns = new ArrayList<>(List.of(
                pattern("local.nested", "ssm", "(a+)+$"),
                pattern("local.alternatives", "ssm", "(a|aa|a?)+b$"),
                pattern("local.repeated", "ssm", "(?:a?){50}a{50}$")));
        IntStream.range(0, 97).forEach(i -> patterns.add(pattern("local.n" + i, "ssm", "(x+x+)+y" + i)));
        String[] lines = IntStream.range(0, 255)
                .mapToObj(i -> line(FAILED, (i % 2 == 0 ? "a" : "x").repeat(4000) + "!"))
                .toArray(String[]::new);
        Path file = file(lines);
        long start = System.nanoTime();

        LogReading reading = new LogReader(patterns).read(log(file), failure(), Deadline.in(Duration.ofSeconds(2)));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(names(reading)).isEmpty();
        assertThat(reading.excerpt().note()).contains("the time limit was reached");
    }

    private static LogPattern pattern(String finding, String source, String regex) {
        try {
            return new LogPattern(finding, source, LogPattern.regex(regex), "it says " + finding);
        } catch (BadValue bad) {
            throw new IllegalArgumentException(bad.reason(), bad);
        }
    }

    private LogReading read(List<LogPattern> patterns, String... lines) throws IOException {
        return new LogReader(patterns).read(log(file(lines)), failure(), soon());
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("messages"), String.join("\n", lines) + "\n");
    }

    private static Site.LogFile log(Path path) {
        return new Site.LogFile("ssm", path, ZoneId.of("UTC"));
    }

    private static Failure failure() {
        Finding finding = new Finding("http.server-error", "it answered 500");
        return Failure.of(Place.site("hq"), Flow.PULL, Step.LICENSES, List.of(finding), null, FAILED);
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private static String line(Instant at, String text) {
        return at + " ssm: " + text;
    }

    private static List<String> names(LogReading reading) {
        return reading.findings().stream()
                .map(Finding::name)
                .filter(name -> !name.equals("log.not-covering"))
                .toList();
    }
}
