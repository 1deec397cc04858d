package io.licenserelay.evidence.logs.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.logs.line.Stamp;
import io.licenserelay.evidence.logs.line.Stamp.Origin;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StampsTest {
    private static final Instant WRITTEN = Instant.parse("2026-06-20T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "13-Jan-2023 17:29:02,775 IST INFO [m]         | Asia/Kolkata     | 2023-01-13T11:59:02.775Z",
                "13-Jan-2023 17:29:02,775 IST INFO [m]         | Asia/Jerusalem   | 2023-01-13T15:29:02.775Z",
                "13-Jul-2023 17:29:02,775 IST INFO [m]         | Europe/Dublin    | 2023-07-13T16:29:02.775Z",
                "04-Apr-2020 03:44:10,789 UTC INFO  [vmanage]  | Asia/Kolkata     | 2020-04-04T03:44:10.789Z",
                "11-June-2026 03:53:37,310 EDT INFO [a66c]     | UTC              | 2026-06-11T07:53:37.310Z",
                "01-Nov-2026 01:30:00,000 EST INFO [m]         | America/New_York | 2026-11-01T06:30:00Z",
                "01-Nov-2026 01:30:00,000 EDT INFO [m]         | America/New_York | 2026-11-01T05:30:00Z",
                "11-Jun-2026 12:00:00,000 CST INFO [m]         | Asia/Shanghai    | 2026-06-11T04:00:00Z",
                "Jan 13 11:17:01 SSM-On-Prem b09c: x           | UTC              | 2026-01-13T11:17:01Z",
                "Jun  1 11:17:01 SSM-On-Prem b09c: x           | America/New_York | 2026-06-01T15:17:01Z",
                "Dec 13 11:17:01 SSM-On-Prem b09c: x           | UTC              | 2025-12-13T11:17:01Z",
                "Feb 29 11:17:01 SSM-On-Prem b09c: x           | UTC              | 2024-02-29T11:17:01Z",
                "2023/07/13 11:17:01 [error] 47#47: *1576      | Asia/Kolkata     | 2023-07-13T05:47:01Z",
                "[2026-06-11T07:57:33.635Z] POST /x            | Asia/Kolkata     | 2026-06-11T07:57:33.635Z",
                "2026-06-11T07:57:33+02:00 host app: x         | UTC              | 2026-06-11T05:57:33Z"
            })
    void everyFormatGivesTheExactInstant(String line, ZoneId zone, Instant at) {
        assertThat(stamps(zone).of(line).map(Stamp::at)).contains(at);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Saving to disk",
                "31-Feb-2023 17:29:02,775 UTC INFO",
                "13-Foo-2023 17:29:02,775 UTC INFO",
                "13-Jan-2023 17:29:62,775 UTC INFO",
                "13-Jan-2023 17:29:02,775 XYZ INFO",
                "Jui 13 11:17:01 host x",
                "Feb 30 11:17:01 host x",
                "2023-13-01T00:00:00Z x"
            })
    void anInvalidOrAmbiguousTimestampHasNoInstant(String line) {
        assertThat(stamps(ZoneId.of("UTC")).of(line)).isEmpty();
    }

    @Test
    void contradictingTimestampsOfALineAreReported() {
        Stamps stamps = stamps(ZoneId.of("UTC"));

        stamps.of("Jan 13 11:17:01 SSM-On-Prem 504f: 2026/01/13 11:17:01 [error] 47#47: x");
        assertThat(stamps.doubts()).isEmpty();

        stamps.of("Jan 13 11:17:01 SSM-On-Prem 504f: 2026/07/13 11:17:01 [error] 47#47: x");
        assertThat(stamps.doubts()).singleElement().asString().contains("2026-07-13", "2026-01-13");
    }

    private static Stamps stamps(ZoneId zone) {
        return new Stamps(new SourceZone(zone, Origin.CONFIGURED), WRITTEN, Origin.FILE_TIME);
    }
}
