package io.licenserelay.evidence.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.logs.format.ReceivedFormat;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The receive time completes an incomplete timestamp. It never silently replaces a timestamp. */
class ReceivedLinesTest {
    @TempDir
    Path folder;

    private final List<String> lines = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        // An SSM in India around New Year; the file was written three years later.
        "2022-12-31T18:29:30.100Z, Dec 31 23:59:30, 2022-12-31T18:29:30Z",
        "2022-12-31T18:30:30.100Z, Jan  1 00:00:30, 2022-12-31T18:30:30Z",
        "2023-01-13T17:30:00.900Z, Jan 13 23:00:00, 2023-01-13T17:30:00Z",
        // The sender's clock is 55 seconds behind.
        "2023-01-13T17:30:00.900Z, Jan 13 22:59:05, 2023-01-13T17:29:05Z"
    })
    void yearAndZoneComeFromTheReceiveTime(String received, String stamp, String at) throws Exception {
        line(received, "<134>" + stamp + " SSM-On-Prem 1a1fca641d0a: [INFO] Session expiring");
        LogExcerpt excerpt = read(Instant.parse(at));
        assertThat(excerpt.facts()).hasSize(1);
        assertThat(excerpt.facts().get(0).at()).isEqualTo(at);
        assertThat(excerpt.facts().get(0).year()).isEqualTo("received");
        assertThat(excerpt.facts().get(0).zone()).isEqualTo("received");
        assertThat(excerpt.lines().get(0)).startsWith(received + " [10.66.76.80] <134>" + stamp);
        assertThat(excerpt.note()).isNull();
    }

    @Test
    void aTimestampFarFromTheReceiveTimeIsUsedAndReported() throws Exception {
        line("2026-01-13T11:59:01.000Z", "<134>1 2026-01-13T11:49:00.000Z ssm nginx - - - late");
        line("2026-01-13T11:59:03.000Z", "<134>1 2026-01-13T11:59:02.500+00:00 ssm nginx 7 - [a@1 b=\"\\]\"] now");
        LogExcerpt excerpt = read(Instant.parse("2026-01-13T11:59:03Z"));
        assertThat(excerpt.facts())
                .extracting(facts -> facts.at())
                .containsExactly(Instant.parse("2026-01-13T11:59:02.500Z"));
        assertThat(excerpt.facts().get(0).program()).isEqualTo("nginx");
        assertThat(excerpt.facts().get(0).zone()).isEqualTo("line");
        assertThat(excerpt.note()).contains("differs by more than 60 s from their own timestamps, which are used");
    }

    @Test
    void aLineWithoutTimestampHasItsReceiveTime() throws Exception {
        line("2026-01-13T11:59:03.000Z", "<13>something happened");
        line("2026-01-13T11:59:03.500Z", "<13>1 - ssm app - - - no stamp (RFC 5424, 6.2.3)");
        LogExcerpt excerpt = read(Instant.parse("2026-01-13T11:59:03Z"));
        assertThat(excerpt.facts())
                .extracting(facts -> facts.at())
                .containsExactly(Instant.parse("2026-01-13T11:59:03Z"), Instant.parse("2026-01-13T11:59:03.500Z"));
    }

    @Test
    void theNginxLineIsReadInBothSyslogFormats() throws Exception {
        String nginxLine =
                "2026/01/13 11:59:02 [error] 47#47: *1576 connect() failed (111: Connection refused) while connecting"
                        + " to upstream, client: 10.0.0.1, server: localhost, request: \"POST /oauth/token HTTP/1.1\", upstream:"
                        + " \"http://127.0.0.1:6379\"";
        for (String head : List.of(
                "<134>Jan 13 11:59:02 SSM 504f06c0d581: ", "<134>1 2026-01-13T11:59:02Z SSM 504f06c0d581 - - - ")) {
            lines.clear();
            line("2026-01-13T11:59:02.100Z", head + nginxLine);
            Files.write(log(), lines);
            LogReading reading = reading(Instant.parse("2026-01-13T11:59:03Z"));
            assertThat(reading.findings())
                    .extracting(finding -> finding.name())
                    .containsExactly("ssm-log.upstream-refused");
            assertThat(reading.excerpt().facts().get(0).program()).isEqualTo("nginx");
        }
    }

    @Test
    void linesThatWereNotStoredAreReported() throws Exception {
        line("2026-01-13T11:59:02.100Z", "<134>Jan 13 11:59:02 SSM a: b");
        lines.add(ReceivedFormat.notice(
                Instant.parse("2026-01-13T11:59:02.500Z"), "7 received line(s) were dropped before this one"));
        LogExcerpt excerpt = read(Instant.parse("2026-01-13T11:59:03Z"));
        assertThat(excerpt.note()).isEqualTo("7 received line(s) were dropped before this one");
        assertThat(excerpt.facts().get(1).program()).isEqualTo("license-relay");
    }

    private LogExcerpt read(Instant failed) throws Exception {
        Files.write(log(), lines);
        return reading(failed).excerpt();
    }

    private LogReading reading(Instant failed) {
        Site.Syslog syslog = new Site.Syslog("0.0.0.0", 5514, Site.Syslog.Protocol.BOTH, List.of(), 1 << 20);
        Failure failure = TestSite.failure(failed);
        return new LogReader()
                .read(
                        new Site.LogFile("ssm", log(), null, false, List.of(), syslog),
                        failure,
                        Deadline.in(Duration.ofSeconds(20)));
    }

    private void line(String received, String message) throws UnknownHostException {
        lines.add(ReceivedFormat.line(Instant.parse(received), InetAddress.getByName("10.66.76.80"), message));
    }

    private Path log() {
        return folder.resolve("ssm.log");
    }
}
