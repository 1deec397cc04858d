package io.licenserelay.evidence.logs;

import static io.licenserelay.evidence.logs.LogFiles.SEED_FAILED;
import static io.licenserelay.evidence.logs.LogFiles.exchange;
import static io.licenserelay.evidence.logs.LogFiles.failure;
import static io.licenserelay.evidence.logs.LogFiles.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.excerpt.LineFacts;
import io.licenserelay.evidence.excerpt.LineOwner;
import io.licenserelay.evidence.excerpt.LogCoverage;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published log excerpts and their pitfalls. */
class SeedLogsTest {
    private static final List<String> MANAGER = List.of("10.66.76.81", "192.168.10.1");

    /** Long after the last line, because the file was copied. */
    private static final Instant COPIED = Instant.parse("2026-07-01T00:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aSuccessOfAnotherClientIsMarkedAsOtherClient() throws Exception {
        LogExcerpt ssm = ssm(Instant.parse("2023-01-13T11:17:01.500Z"), MANAGER).excerpt();

        assertThat(owner(ssm, "\"POST /oauth/token HTTP/1.1\" 200")).isEqualTo(LineOwner.OTHER_CLIENT);
        assertThat(owner(ssm, "method=POST path=/oauth/token")).isEqualTo(LineOwner.UNKNOWN);
    }

    @Test
    void aLineOfTheRelaysAddressIsMarkedAsFailedRequest() throws Exception {
        LogExcerpt ssm = ssm(Instant.parse("2023-01-13T11:17:01.500Z"), List.of("10.66.76.85"))
                .excerpt();

        assertThat(owner(ssm, "\"POST /oauth/token HTTP/1.1\" 200")).isEqualTo(LineOwner.FAILED_REQUEST);
        assertThat(owner(ssm, "\"GET /sessions/get_user HTTP/1.1\" 200")).isEqualTo(LineOwner.OTHER_CLIENT);
    }

    @Test
    void withoutKnownAddressesTheOwnerIsUnknown() throws Exception {
        LogExcerpt ssm =
                ssm(Instant.parse("2023-01-13T11:17:01.500Z"), List.of()).excerpt();

        assertThat(ssm.facts()).extracting(LineFacts::owner).containsOnly(LineOwner.UNKNOWN);
    }

    @Test
    void theExcerptReportsThatNoLineCoversTheFailure() throws Exception {
        LogReading ssm = ssm(SEED_FAILED, MANAGER);

        LogCoverage coverage = Objects.requireNonNull(ssm.excerpt().coverage());
        assertThat(coverage.requestedFrom())
                .isEqualTo(SEED_FAILED.minusMillis(692).minusSeconds(300));
        assertThat(coverage.requestedTo()).isEqualTo(SEED_FAILED.plusSeconds(60));
        assertThat(coverage.from()).isNull();
        assertThat(coverage.why()).isEqualTo("its newest line is of 2023-01-13T11:17:14Z");
        assertThat(ssm.excerpt().note())
                .contains(
                        "no line covers the failure at 2023-01-13T11:59:03.490Z: the newest is of 2023-01-13T11:17:14Z");
        assertThat(ssm.excerpt().lines()).hasSize(16);
    }

    @Test
    void theExcerptReportsThatNginxAndSyslogDatesDiffer() throws Exception {
        assertThat(ssm(SEED_FAILED, MANAGER).excerpt().note())
                .contains(
                        "a timestamp within a line (2023-07-13) contradicts the line's own timestamp (2023-01-13), which is used");
    }

    @Test
    void theRefusal42MinutesEarlierIsASeparateFinding() throws Exception {
        assertThat(ssm(SEED_FAILED, MANAGER).findings())
                .contains(new Finding(
                        "ssm-log.upstream-refused-earlier",
                        "log ssm: at 2023-01-13T11:17:01Z SSM's nginx was refused by http://127.0.0.1:6379,"
                                + " 42 minutes before the failure"))
                .extracting(Finding::name)
                .containsExactly("log.not-covering", "ssm-log.upstream-refused-earlier");
    }

    @Test
    void theYearOfACopiedFileIsTakenFromNeighbouringLines() throws Exception {
        LogExcerpt ssm = ssm(SEED_FAILED, MANAGER).excerpt();

        assertThat(ssm.from()).isEqualTo("2023-01-13T11:13:36Z");
        assertThat(ssm.facts().get(0).year()).isEqualTo("neighbour");
        assertThat(ssm.facts().get(1).year()).isEqualTo("line");
    }

    @Test
    void theConfiguredZoneDeterminesTheMeaningOfIst() throws Exception {
        LogExcerpt manager = manager(ZoneId.of("Asia/Kolkata"), COPIED);

        assertThat(manager.from()).isEqualTo("2023-01-13T11:59:02.775Z");
        assertThat(manager.to()).isEqualTo("2023-01-13T11:59:03.491Z");
        assertThat(manager.note()).isNull();
        assertThat(manager.facts().get(0).zone()).isEqualTo("configured");
    }

    @Test
    void withoutZoneTheFileTimeDeterminesTheMeaningOfIst() throws Exception {
        LogExcerpt india = manager(null, Instant.parse("2023-01-13T11:59:03.600Z"));
        LogExcerpt unknown = manager(null, COPIED);

        assertThat(india.to()).isEqualTo("2023-01-13T11:59:03.491Z");
        assertThat(india.facts().get(0).zone()).isEqualTo("file-time");
        assertThat(unknown.to()).isNull();
        assertThat(unknown.note()).contains("the zone IST").contains("set the log's zone");
    }

    private LogReading ssm(Instant failedAt, List<String> clients) throws Exception {
        Path file = new LogFiles(folder).seed("messages", COPIED);
        Site.LogFile log = new Site.LogFile("ssm", file, LogFiles.UTC, false, clients);
        Instant began = failedAt.minusMillis(692);
        return new LogReader().read(log, failure(failedAt, exchange("POST", "/oauth/token", began, Map.of())), soon());
    }

    private LogExcerpt manager(@Nullable ZoneId zone, Instant modified) throws Exception {
        Path file = new LogFiles(folder).seed("vmanage-server.log", modified);
        return new LogReader()
                .read(new Site.LogFile("manager", file, zone), failure(SEED_FAILED, null), soon())
                .excerpt();
    }

    private static LineOwner owner(LogExcerpt excerpt, String part) {
        for (int i = 0; i < excerpt.lines().size(); i++) {
            if (excerpt.lines().get(i).contains(part)) {
                return excerpt.facts().get(i).owner();
            }
        }
        throw new AssertionError("no line with " + part);
    }
}
