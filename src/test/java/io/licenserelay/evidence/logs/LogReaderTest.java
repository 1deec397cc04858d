package io.licenserelay.evidence.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId INDIA = ZoneId.of("Asia/Kolkata");
    private static final Instant FAILED = Instant.parse("2023-01-13T11:59:03.490Z");

    private static final String SSM = """
            Jan 13 11:14:46 SSM-On-Prem 1a1fca641d0a: method=GET path=/sessions/get_user format=json controller=SessionsController
            Jan 13 11:17:01 SSM-On-Prem 504f06c0d581: 2023/07/13 11:17:01 [error] 47#47: *1576 connect() failed (111: Connection refused) while connecting to upstream, client: 10.110.35.124, server: localhost, request: "GET /sessions/get_user HTTP/1.1", upstream: http://127.0.0.1:6379
            Jan 13 11:17:14 SSM-On-Prem 1a1fca641d0a: [INFO] Session expiring outcome=success
            """;

    private static final String MANAGER = """
            13-Jan-2023 17:29:02,775 IST INFO [um8_vManage] [SmartLicensingIntegrationManager] (default task-24) |
            13-Jan-2023 17:29:03,490 IST ERROR [um8_vManage] [RestAPIClient] (default task-24) |default| Failed to
             at com.viptela.vmanage.RestAPIClient(RestAPIClient.java:109) [classes:]
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theManagersLinesCoverTheFailureInTheConfiguredZone() throws Exception {
        LogReading reading = read(file(MANAGER, FAILED), INDIA, FAILED);

        LogExcerpt excerpt = reading.excerpt();
        assertThat(excerpt.lines()).hasSize(3);
        assertThat(excerpt.from()).isEqualTo("2023-01-13T11:59:02.775Z");
        assertThat(excerpt.to()).isEqualTo("2023-01-13T11:59:03.490Z");
        assertThat(excerpt.note()).isNull();
        assertThat(excerpt.truncated()).isFalse();
        assertThat(reading.findings()).isEmpty();
    }

    @Test
    void anAmbiguousZoneAbbreviationIsNeverGuessed() throws Exception {
        LogReading reading = read(file(MANAGER, FAILED), UTC, FAILED);

        assertThat(reading.excerpt().from()).isNull();
        assertThat(reading.excerpt().note()).contains("the zone IST").contains("set the log's zone");
    }

    @Test
    void aLogThatEndsBeforeTheFailureIsReportedAsNotCoveringIt() throws Exception {
        LogReading reading = read(file(SSM, Instant.parse("2023-01-13T11:17:15Z")), UTC, FAILED);

        assertThat(reading.excerpt().to()).isEqualTo("2023-01-13T11:17:14Z");
        assertThat(reading.excerpt().note())
                .contains(
                        "no line covers the failure at 2023-01-13T11:59:03.490Z: the newest is of 2023-01-13T11:17:14Z")
                .contains("a timestamp within a line (2023-07-13) contradicts the line's own timestamp (2023-01-13)");
        assertThat(names(reading)).containsExactly("log.not-covering", "ssm-log.upstream-refused-earlier");
    }

    @Test
    void aRefusalInsideSsmWithinFiveMinutesBeforeTheFailureIsAFinding() throws Exception {
        Path file = file(SSM, Instant.parse("2023-01-13T11:17:15Z"));

        LogReading reading = read(file, UTC, Instant.parse("2023-01-13T11:18:00Z"));

        assertThat(names(reading)).containsExactly("ssm-log.upstream-refused");
        assertThat(reading.findings().get(0).phrase())
                .isEqualTo("log ssm: at 2023-01-13T11:17:01Z SSM's nginx was refused by http://127.0.0.1:6379");
        assertThat(names(read(file, UTC, Instant.parse("2023-01-13T11:22:02Z"))))
                .doesNotContain("ssm-log.upstream-refused");
        assertThat(names(read(file, UTC, Instant.parse("2023-01-13T11:16:00Z"))))
                .doesNotContain("ssm-log.upstream-refused");
    }

    @Test
    void aRefusalBeforeASuccessfulAnswerIsReportedAsEarlier() throws Exception {
        String success = "Jan 13 11:17:20 SSM-On-Prem 504f06c0d581: 10.66.76.85 - - [13/Jan/2023:11:17:20 +0000]"
                + " \"POST /oauth/token HTTP/1.1\" 200 1000\n";
        Path file = file(SSM + success, Instant.parse("2023-01-13T11:17:21Z"));
        Instant failed = Instant.parse("2023-01-13T11:20:01Z");

        LogReading reading = read(file, UTC, failed);
        assertThat(names(reading))
                .contains("ssm-log.upstream-refused-earlier")
                .doesNotContain("ssm-log.upstream-refused");
        assertThat(reading.findings()).anyMatch(each -> each.phrase()
                .endsWith(", and answered another request successfully after that, 3 minutes before the failure"));
        assertThat(names(read(file(SSM + success.replace("\" 200 ", "\" 502 "), failed), UTC, failed)))
                .contains("ssm-log.upstream-refused");
        // A success after the failure proves nothing about the time before it.
        assertThat(names(read(file, UTC, Instant.parse("2023-01-13T11:17:10Z"))))
                .contains("ssm-log.upstream-refused");
    }

    @Test
    void theRefusalOfTheFailedRequestIsDistinguishedFromOtherRefusals() throws Exception {
        Path file = file(SSM, Instant.parse("2023-01-13T11:17:15Z"));
        Instant soonAfter = Instant.parse("2023-01-13T11:17:02Z");
        HttpExchangeRecord own = exchangeFor("GET", "https://ssm.example.net:8443/sessions/get_user?limit=5");

        assertThat(names(file, soonAfter, own)).containsExactly("ssm-log.upstream-refused", "ssm-log.request-refused");
        assertThat(names(file, soonAfter, exchangeFor("POST", own.url()))).doesNotContain("ssm-log.request-refused");
        assertThat(names(file, soonAfter, exchangeFor("GET", own.url().replace("get_user", "get"))))
                .doesNotContain("ssm-log.request-refused");
        assertThat(names(file, soonAfter.plusSeconds(90), own))
                .containsExactly("log.not-covering", "ssm-log.upstream-refused");
    }

    @Test
    void aLogThatBeginsAfterTheFailureDoesNotCoverIt() throws Exception {
        LogReading reading =
                read(file(SSM, Instant.parse("2023-01-13T11:17:15Z")), UTC, Instant.parse("2023-01-13T11:00:00Z"));

        assertThat(reading.excerpt().note()).contains("the oldest is of 2023-01-13T11:14:46Z");
        assertThat(names(reading)).containsExactly("log.not-covering");
    }

    @Test
    void decemberSyslogLinesReadInJanuaryAreFromThePreviousYear() throws Exception {
        Path file = file(
                "Dec 31 23:59:58 SSM-On-Prem a: last\nJan  1 00:00:01 SSM-On-Prem a: first\n",
                Instant.parse("2026-01-01T00:00:02Z"));

        LogExcerpt excerpt = read(file, UTC, FAILED).excerpt();

        assertThat(excerpt.from()).isEqualTo("2025-12-31T23:59:58Z");
        assertThat(excerpt.to()).isEqualTo("2026-01-01T00:00:01Z");
    }

    @Test
    void onlyTheLastLinesAreKeptAndTheExcerptIsMarkedAsTruncated() throws Exception {
        LogExcerpt excerpt = read(file(numbered(1000), FAILED), UTC, FAILED).excerpt();

        assertThat(excerpt.lines()).hasSize(40).startsWith("line 960").endsWith("line 999");
        assertThat(excerpt.truncated()).isTrue();
        assertThat(excerpt.note()).isEqualTo("no line has a readable time");
    }

    @Test
    void aLineThatBeginsBeforeTheReadBytesIsOmitted() throws Exception {
        LogReader tail = new LogReader(new LogBounds(40, 30, 1 << 20), List.of());

        LogExcerpt excerpt = tail.read(log(file(numbered(100), FAILED), UTC), failure(FAILED, null), soon())
                .excerpt();

        assertThat(excerpt.lines()).containsExactly("line 97", "line 98", "line 99");
        assertThat(excerpt.truncated()).isTrue();
    }

    @Test
    void aHugeFileWithOneLineIsReadOnlyUpToTheLimit() throws Exception {
        Path file = folder.resolve("huge.log");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8L << 30);
            sparse.seek(sparse.length() - 3);
            sparse.write("end".getBytes(StandardCharsets.UTF_8));
        }

        LogExcerpt excerpt = read(file, UTC, FAILED).excerpt();

        assertThat(excerpt.lines()).containsExactly("\uFFFD… (cut, 1048576 bytes in all)");
        assertThat(excerpt.truncated()).isTrue();
    }

    @Test
    void aLongLineIsTruncatedAndMarked() throws Exception {
        LogExcerpt excerpt = read(file("x".repeat(10_000) + "\nshort\n", FAILED), UTC, FAILED)
                .excerpt();

        assertThat(excerpt.lines().get(0)).startsWith("xxxx").endsWith("x… (cut, 10000 bytes in all)");
        assertThat(excerpt.lines().get(0)).hasSizeLessThan(4200);
        assertThat(excerpt.truncated()).isTrue();
    }

    @Test
    void coloursControlCharactersAndInvalidTextAreReplaced() throws Exception {
        Path file = folder.resolve("hostile.log");
        Files.write(
                file,
                "a\u001B[31mred\u001B[0m\tb\u0000\u0007c\u202Ed \u00E9 \u001B]0;title\u0007e \n"
                        .getBytes(StandardCharsets.UTF_8));
        Files.write(file, new byte[] {'f', (byte) 0xff, (byte) 0xfe, 'g'}, StandardOpenOption.APPEND);

        assertThat(read(file, UTC, FAILED).excerpt().lines())
                .containsExactly("ared b\uFFFDc\uFFFDd \u00E9 e ", "f\uFFFDg");
    }

    @Test
    void aMissingEmptyOrIrregularFileIsReportedWithTheReason() throws Exception {
        assertUnread(folder.resolve("missing.log"), "the file does not exist");
        assertUnread(folder, "the log cannot be read: it is not a regular file");
        assertUnread(file("", FAILED), "the log is empty");
    }

    @Test
    void afterTheDeadlineTheNoteSaysThatTheLogWasNotRead() throws Exception {
        LogReading reading =
                new LogReader().read(log(file(SSM, FAILED), UTC), failure(FAILED, null), Deadline.in(Duration.ZERO));

        assertThat(reading.excerpt().note()).isEqualTo("the log was not read in time");
    }

    private void assertUnread(Path path, String note) {
        LogReading reading = read(path, UTC, FAILED);
        assertThat(reading.excerpt().lines()).isEmpty();
        assertThat(reading.excerpt().note()).isEqualTo(note);
        assertThat(names(reading)).containsExactly("log.not-covering");
    }

    private Path file(String text, Instant modified) throws IOException {
        Path file = Files.writeString(folder.resolve("some.log"), text);
        Files.setLastModifiedTime(file, FileTime.from(modified));
        return file;
    }

    private static LogReading read(Path path, ZoneId zone, Instant failedAt) {
        return new LogReader().read(log(path, zone), failure(failedAt, null), soon());
    }

    private static Failure failure(Instant at, @Nullable HttpExchangeRecord exchange) {
        Finding finding = new Finding("http.server-error", "it answered 500");
        return Failure.of(Place.site("hq"), Flow.PULL, Step.LICENSES, List.of(finding), exchange, at);
    }

    private static HttpExchangeRecord exchangeFor(String method, String url) {
        return new HttpExchangeRecord(method, url, 500, Map.of(), null, FAILED, Duration.ZERO);
    }

    private static Site.LogFile log(Path path, ZoneId zone) {
        return new Site.LogFile("ssm", path, zone);
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(5));
    }

    private static String numbered(int lines) {
        return IntStream.range(0, lines).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }

    private static List<String> names(Path file, Instant failedAt, HttpExchangeRecord exchange) {
        return names(new LogReader().read(log(file, UTC), failure(failedAt, exchange), soon()));
    }

    private static List<String> names(LogReading reading) {
        return reading.findings().stream().map(Finding::name).toList();
    }
}
