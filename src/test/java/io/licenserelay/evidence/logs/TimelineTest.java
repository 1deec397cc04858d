package io.licenserelay.evidence.logs;

import static io.licenserelay.evidence.logs.LogFiles.exchange;
import static io.licenserelay.evidence.logs.LogFiles.failure;
import static io.licenserelay.evidence.logs.LogFiles.soon;
import static io.licenserelay.evidence.logs.LogFiles.syslog;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.excerpt.LineFacts;
import io.licenserelay.evidence.excerpt.LineOwner;
import io.licenserelay.evidence.excerpt.LogCoverage;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.excerpt.LogTimeline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTest {
    private static final Instant FAILED = Instant.parse("2026-06-11T07:53:38Z");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void logsInDifferentZonesAreInTrueOrder() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path server = files.write("server", "11-June-2026 03:53:37,310 EDT INFO [a] [server] [Sdra] x\n", FAILED);
        Path app = files.write("app", "11-June-2026 07:52:55,275 UTC INFO [server] (x - 2) WFLYSRV0010: y\n", FAILED);

        List<LogTimeline.Entry> timeline = LogTimeline.of(List.of(read("server", server), read("app", app)));

        assertThat(timeline).extracting(LogTimeline.Entry::source).containsExactly("app", "server");
        assertThat(Duration.between(timeline.get(0).at(), timeline.get(1).at())).isEqualTo(Duration.ofMillis(42_035));
        assertThat(timeline).extracting(entry -> entry.facts().zone()).containsOnly("line");
        assertThat(timeline).extracting(entry -> entry.facts().uncertainty()).containsOnly(Duration.ofMillis(1));
    }

    @Test
    void linesOfAClockThatIsHoursAheadAreFoundAndCorrected() throws Exception {
        Instant serverTime = FAILED.plusSeconds(3 * 3600);
        Path path = new LogFiles(folder)
                .write(
                        "messages",
                        syslog(FAILED, "of another time") + syslog(serverTime, "of the failure"),
                        serverTime.plusSeconds(1));
        Map<String, String> headers = Map.of("date", "Thu, 11 Jun 2026 10:53:38 GMT");
        Failure failure = failure(FAILED, exchange("POST", "/oauth/token", FAILED, headers));

        LogExcerpt excerpt = new LogReader()
                .read(new Site.LogFile("ssm", path, LogFiles.UTC, true, List.of()), failure, soon())
                .excerpt();

        assertThat(excerpt.lines()).singleElement().asString().endsWith("of the failure");
        assertThat(LogTimeline.of(List.of(excerpt)).get(0).at())
                .isBetween(FAILED.minusSeconds(1), FAILED.plusSeconds(1));
        LogCoverage coverage = Objects.requireNonNull(excerpt.coverage());
        assertThat(Objects.requireNonNull(coverage.ahead()).toSeconds()).isBetween(10_799L, 10_800L);
        assertThat(coverage.requestedTo()).isEqualTo(FAILED.plusSeconds(60));
        assertThat(coverage.to()).isBetween(FAILED.minusSeconds(1), FAILED.plusSeconds(1));
        assertThat(excerpt.note()).isNull();
    }

    @Test
    void aLogOnAnUnmeasuredClockIsNotShifted() throws Exception {
        Path path = new LogFiles(folder).write("messages", syslog(FAILED, "x"), FAILED);
        Map<String, String> headers = Map.of("date", "Thu, 11 Jun 2026 10:53:38 GMT");

        LogExcerpt excerpt = new LogReader()
                .read(LogFiles.log(path), failure(FAILED, exchange("GET", "/x", FAILED, headers)), soon())
                .excerpt();

        assertThat(excerpt.from()).isEqualTo(FAILED);
        assertThat(Objects.requireNonNull(excerpt.coverage()).ahead()).isNull();
    }

    @Test
    void theRequestIdIdentifiesTheLinesOfTheFailedRequest() throws Exception {
        String id = "1f6a0c1e-6a63-4f0e-9d1f-3b8a6c0f8a11";
        Path path = new LogFiles(folder)
                .write("messages", syslog(FAILED, "request_id=" + id + " done") + syslog(FAILED, "other"), FAILED);

        LogExcerpt excerpt = new LogReader()
                .read(
                        LogFiles.log(path),
                        failure(FAILED, exchange("GET", "/x", FAILED, Map.of("x-request-id", id))),
                        soon())
                .excerpt();

        assertThat(excerpt.facts())
                .extracting(LineFacts::owner)
                .containsExactly(LineOwner.FAILED_REQUEST, LineOwner.UNKNOWN);
    }

    @Test
    void theRepeatedHourIsMarkedAsAmbiguous() throws Exception {
        Instant at = Instant.parse("2026-10-25T00:30:00Z");
        Path path = new LogFiles(folder).write("messages", "Oct 25 02:30:00 host tag: x\n", at);

        LogExcerpt excerpt = new LogReader()
                .read(new Site.LogFile("ssm", path, ZoneId.of("Europe/Berlin")), failure(at, null), soon())
                .excerpt();

        assertThat(excerpt.from()).isEqualTo(at);
        assertThat(excerpt.facts().get(0).uncertainty()).isEqualTo(Duration.ofSeconds(3601));
    }

    @Test
    void linesWithoutFactsAreNotOnTheTimeline() throws Exception {
        Path path = new LogFiles(folder).write("messages", syslog(FAILED, "x") + syslog(FAILED, "y"), FAILED);
        LogExcerpt excerpt = read("ssm", path);

        assertThat(LogTimeline.of(List.of(excerpt))).hasSize(2);
        assertThat(LogTimeline.of(List.of(excerpt.with(List.of("***"))))).isEmpty();
    }

    private static LogExcerpt read(String name, Path path) {
        return new LogReader()
                .read(new Site.LogFile(name, path, LogFiles.UTC), failure(FAILED, null), soon())
                .excerpt();
    }
}
