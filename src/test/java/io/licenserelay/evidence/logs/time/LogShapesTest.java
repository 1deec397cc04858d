package io.licenserelay.evidence.logs.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.logs.FailureTime;
import io.licenserelay.evidence.logs.LogFiles;
import io.licenserelay.evidence.logs.WindowLines;
import io.licenserelay.evidence.logs.line.LogLine;
import io.licenserelay.evidence.logs.line.Stamp;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Timestamp formats of public logs, for example of Loghub: each timestamp gives the exact instant, or no time. */
class LogShapesTest {
    private static final Instant COPIED = Instant.parse("2026-06-20T00:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    /** Tildes separate the lines of a file. The expected instant is that of the first line. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                // PostgreSQL, and a zone after an ISO timestamp.
                "2025-08-13 01:45:01.123 PDT [17] LOG:  checkpoint => UTC => 2025-08-13T08:45:01.123Z",
                "2025-08-13 01:45:01.123 UTC [17] LOG:  checkpoint => Asia/Kolkata => 2025-08-13T01:45:01.123Z",
                "2025-08-13 01:45:01.123 CEST [17] LOG:  checkpoint => UTC => 2025-08-12T23:45:01.123Z",
                "2025-08-13 01:45:01.123 IST [17] LOG:  checkpoint => Asia/Kolkata => 2025-08-12T20:15:01.123Z",
                "2025-08-13 01:45:01.123 IST [17] LOG:  checkpoint => Asia/Jerusalem => undated",
                "2025-01-13 01:45:01.123 IST [17] LOG:  checkpoint => Asia/Jerusalem => 2025-01-12T23:45:01.123Z",
                "2025-08-13 01:45:01.123 IST [17] LOG:  checkpoint => UTC => undated",
                "2025-08-13 01:45:01.123 IST [17] LOG:  checkpoint => Europe/Berlin => undated",
                "2025-01-13 01:45:01.123 CST [17] LOG:  checkpoint => America/New_York => undated",
                "2025-01-13 01:45:01.123 CST [17] LOG:  checkpoint => America/Chicago => 2025-01-13T07:45:01.123Z",
                "2025-07-13 01:45:01.123 CST [17] LOG:  checkpoint => America/Denver => undated",
                "2025-01-13 01:45:01.123 PST [17] LOG:  checkpoint => Asia/Manila => 2025-01-12T17:45:01.123Z",
                "2025-01-13 01:45:01.123 PST [17] LOG:  checkpoint => UTC => 2025-01-13T09:45:01.123Z",
                "2025-08-13 01:45:01.123 VLAT [17] LOG:  checkpoint => UTC => undated",
                "2025-08-13 01:45:01.123 -03 [17] LOG:  checkpoint => UTC => 2025-08-13T04:45:01.123Z",
                "2025-08-13 01:45:01 America/New_York [17] LOG:  x => UTC => 2025-08-13T05:45:01Z",
                "2025-08-13 01:45:01 PM started => UTC => undated",
                "2025-08-13 01:45:01 ERROR x => Asia/Kolkata => 2025-08-12T20:15:01Z",
                "2025-08-13 01:45:01 GET /x => Asia/Kolkata => 2025-08-12T20:15:01Z",
                "Aug 13 01:45:01.123 PDT: %LINK-3-UPDOWN: Interface up => UTC => 2025-08-13T08:45:01.123Z",
                "Aug 13 01:45:01 VLAT: %LINK-3-UPDOWN: Interface up => UTC => undated",
                "Aug 13 01:45:01 CRON: started => UTC => 2025-08-13T01:45:01Z",
                // Access logs, log4j with slashes, ctime.
                "[13/Jan/2023:11:14:46 +0000] GET /x => Asia/Kolkata => 2023-01-13T11:14:46Z",
                "host.example - - [13/Jan/2023:11:14:46 +0530] GET => UTC => 2023-01-13T05:44:46Z",
                "2023/01/13 11:14:46 INFO Main: x => Asia/Kolkata => 2023-01-13T05:44:46Z",
                "2023/01/13 11:14:46.125 [main] x => UTC => 2023-01-13T11:14:46.125Z",
                "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok => UTC => 2005-12-04T04:47:44Z",
                "[Mon Dec 04 04:47:44 2005] [notice] workerEnv.init() ok => UTC => undated",
                "Sun Dec  4 04:47:44 PST 2005 x => UTC => 2005-12-04T12:47:44Z",
                "Sun Dec  4 04:47:44 XYZ 2005 x => UTC => undated",
                // Epochs.
                "1286536309 a ~ 1286536310 b ~ 1286536370 c => Asia/Kolkata => 2010-10-08T11:11:49Z",
                "1286536309.586 921 192.0.2.7 TCP_MISS/200 ~ 1286536310.1 a ~ 1286536315.2 b => UTC => 2010-10-08T11:11:49.586Z",
                "1286536309586 a ~ 1286536310000 b ~ 1286536370000 c => UTC => 2010-10-08T11:11:49.586Z",
                "1286536309 a ~ 1286536370 b => UTC => undated",
                "1286536309 a => UTC => undated",
                "1286536309 a ~ 1286536310 b ~ 1286536311 c => UTC => undated",
                "1286536309 a ~ 1234567890 b ~ 1286536370 c => UTC => undated",
                "1986536309 a ~ 1986536320 b ~ 1986536370 c => UTC => undated",
                "4915112345 a ~ 4915112399 b ~ 4915212345 c => UTC => undated",
                // The public Loghub collection.
                "03-17 16:13:38.811  1702  2395 D WindowManager: printFreezing => UTC => 2026-03-17T16:13:38.811Z",
                "03-05 16:13:38.811 D/WindowManager( 1702): printFreezing => UTC => 2026-03-05T16:13:38.811Z",
                "03-17 16:13:38.811 printFreezing => UTC => 2026-03-17T16:13:38.811Z",
                "03-05 16:13:38.811 printFreezing => UTC => undated",
                "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO nova.osapi x => UTC => 2017-05-16T00:00:00.008Z",
                "2015-10-18 18:01:47,978 INFO [main] org.apache.hadoop.mapreduce x => UTC => 2015-10-18T18:01:47.978Z",
                "2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0] - x => UTC => 2015-07-29T17:41:44.747Z",
                "2016-09-28 04:30:30, Info                  CBS    Loaded => UTC => 2016-09-28T04:30:30Z",
                "17/06/09 20:10:40 INFO executor.Backend: x => UTC => undated",
                "17/06/09 23:59:59 INFO x ~ 17/06/10 00:00:01 INFO y => UTC => 2017-06-09T23:59:59Z",
                "09/06/17 23:59:59 INFO x ~ 10/06/17 00:00:01 INFO y => UTC => 2017-06-09T23:59:59Z",
                "17/06/28 23:59:59 INFO x ~ 17/07/03 00:00:01 INFO y => UTC => 2017-06-28T23:59:59Z",
                "13/01/45 10:00:00 x => UTC => undated",
                "99/06/17 10:00:00 x => UTC => 1999-06-17T10:00:00Z",
                "01/02/2023 10:00:00 x => UTC => undated",
                "01/13/2023 10:00:00 x => UTC => 2023-01-13T10:00:00Z",
                "13/01/2023 10:00:00 PST x => UTC => 2023-01-13T18:00:00Z",
                "13/01/2023 10:00:00 PM x => UTC => undated",
                "081109 203615 148 INFO dfs.DataNode$PacketResponder: terminating => UTC => 2008-11-09T20:36:15Z",
                "081109 203615 148 INFO some.Other: terminating => UTC => undated",
                "081109 235959 x ~ 081110 000001 y => UTC => 2008-11-09T23:59:59Z",
                "- 1117838570 2005.06.03 R02-M1-N0 2005-06-03-15.42.50.675872 R02 RAS KERNEL INFO x => UTC => 2005-06-03T22:42:50Z",
                "APPREAD 1117838570 2005.09.03 R02-M1-N0 x => UTC => undated",
                "- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond(pam_unix)[2915]: x => Asia/Kolkata => 2005-11-09T20:01:01Z",
                "[10.30 16:49:06] chrome.exe - proxy.example:5070 open => UTC => 2025-10-30T16:49:06Z",
                "[10.09 16:49:06] chrome.exe - proxy.example:5070 open => UTC => undated",
                "[10.09 23:59:06] chrome.exe open ~ [10.10 00:00:06] chrome.exe close => UTC => 2025-10-09T23:59:06Z",
                "20171223-22:15:29:606|Step_LSC|30002312|x => UTC => 2017-12-23T22:15:29.606Z",
                "20171224-0:0:5:7|Step_LSC|30002312|x => UTC => 2017-12-24T00:00:05.007Z",
            })
    void everyTimestampGivesTheExactInstantOrNone(String file, ZoneId zone, String expected) {
        List<String> lines = List.of(file.split(" ~ "));

        Stamps stamps = StampHints.of(lines, COPIED).stamps(zone, null);

        assertThat(stamps.of(lines.get(0)).map(Stamp::at).map(Instant::toString).orElse("undated"))
                .isEqualTo(expected);
    }

    @Test
    void aDateInUnprovenOrderIsReported() {
        Stamps stamps =
                StampHints.of(List.of("17/06/09 20:10:40 INFO x"), COPIED).stamps(LogFiles.UTC, null);

        assertThat(stamps.doubts()).singleElement().asString().contains("order of day, month and year");
    }

    @Test
    void anUnknownZoneIsReported() {
        Stamps stamps = StampHints.of(List.of(), COPIED).stamps(LogFiles.UTC, null);

        stamps.of("2025-08-13 01:45:01.123 VLAT [17] LOG:  x");

        assertThat(stamps.doubts()).singleElement().asString().contains("VLAT", "set the log's zone");
    }

    @Test
    void aReceivedLineWithUnprovenDateHasItsReceiveTime() {
        String received = "2026-01-13T11:17:01.250Z [10.66.76.81] ";
        Stamps stamps = StampHints.of(List.of(), COPIED).stamps(LogFiles.UTC, null);

        assertThat(stamps.of(received + "17/06/09 20:10:40 INFO x").map(Stamp::at))
                .contains(Instant.parse("2026-01-13T11:17:01.250Z"));
        assertThat(stamps.of(received + "2026-01-13 03:17:00.5 PST [17] LOG:  x")
                        .map(Stamp::at))
                .contains(Instant.parse("2026-01-13T11:17:00.500Z"));
    }

    @Test
    void theZoneAfterATimestampIsUsedForTheNewestLine() throws Exception {
        String text = "2025-08-13 01:45:01.123 PDT [17] LOG:  x\n2025-08-13 01:46:01.123 PDT [17] LOG:  y\n";
        Path log = new LogFiles(folder).write("log", text, COPIED);

        assertThat(FailureTime.in(LogFiles.log(log)).newest()).isEqualTo("2025-08-13T08:46:01.123Z");
    }

    @Test
    void aLineWithAnAmbiguousTimestampDoesNotContinueThePreviousLine() throws Exception {
        String text = "2026-01-13 12:00:00 first\n01/02/26 12:00:01 second\n at third\n";
        Instant noon = Instant.parse("2026-01-13T12:00:00Z");
        WindowLines read = LogFiles.window(new LogFiles(folder).write("log", text, noon), noon);

        assertThat(read.lines()).extracting(LogLine::at).containsExactly(noon, null, null);
        assertThat(read.notes()).anyMatch(note -> note.contains("order of day, month and year"));
    }

    @Test
    void theFirstLinesOfALongFileProveTheDateOrderOfItsLastLines() throws Exception {
        Instant end = Instant.parse("2017-07-03T12:00:00Z");
        String text = "17/06/28 12:00:00 INFO first\n" + "17/07/03 12:00:00 INFO x\n".repeat(4000);

        WindowLines read = LogFiles.window(new LogFiles(folder).write("log", text, end), end);

        assertThat(read.lines()).extracting(LogLine::at).contains(end).doesNotContainNull();
    }
}
