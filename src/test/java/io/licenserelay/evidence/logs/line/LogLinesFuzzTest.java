package io.licenserelay.evidence.logs.line;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.licenserelay.evidence.logs.format.LogFormat;
import io.licenserelay.evidence.logs.format.ReceivedFormat;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes in a log become printable lines, with or without a header. */
@Tag("deep")
class LogLinesFuzzTest {
    private static final int LONGEST = 4_200;

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void anyBytesBecomePrintableLines(byte[] log) {
        if (log == null) {
            return;
        }
        int end = -1;
        for (RawLine line : RawLine.split(log, 0)) {
            assertThat(line.offset()).isEqualTo(end + 1);
            assertThat(line.text()).hasSizeLessThan(LONGEST).doesNotContain("\n", "\u001b");
            assertThat(LogFormat.of(line.text())).isNotNull();
            assertThat(ReceivedFormat.received(line.text())).isNotNull();
            end = line.end();
        }
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "Jan 13 12:00:01 ssm1 sshd[12]: refused\n<13>1 2026-01-13T12:00:01.5Z ssm1 app 7 ID [a@1 b=\"c\"] x",
                        "13-Jan-2026 12:00:01,123 UTC INFO  [vmanage] [SmartLicensingManager] (default task-7) || sync failed",
                        "2026-01-13 12:00:01.123+0100 ERROR -- : Token refused\r\n  at line two\n",
                        "127.0.0.1 - - [13/Jan/2026:12:00:01 +0000] \"POST /oauth/token HTTP/1.1\" 401 12\n",
                        // A month that begins with a digit. Fuzzing found that it stopped the reading of the whole log.
                        "127.0.0.1 - - [13/2an/2026:12:00:01 +0000] \"POST /oauth/token HTTP/1.1\" 401 12\n",
                        "I, [2026-01-13T12:00:01.1 #12]  INFO -- : Started POST \"/oauth/token\"")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
