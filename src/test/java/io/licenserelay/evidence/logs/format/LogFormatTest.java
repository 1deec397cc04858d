package io.licenserelay.evidence.logs.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.logs.LogFiles;
import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.LoggedRequest;
import io.licenserelay.evidence.logs.line.MonthNames;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFormatTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "04-Apr-2020 03:44:10,789 UTC INFO  [vmanage] [SAMLProtocol] (default task-3) |default| x ~ SAMLProtocol ~ info",
                "13-Jan-2023 17:29:03,490 IST ERROR [um8_vManage] [RestAPIClient] (default task-24) ~ RestAPIClient ~ error",
                "11-June-2026 03:53:37,310 EDT INFO [a66cdc5f-807d] [server] [SdraUpload] (task-40704) ~ SdraUpload ~ info",
                "14-Mar-2024 00:00:00,001 UTC INFO  [] [vm12] [ClassName] (ThreadName) ~ ClassName ~ info",
                "11-June-2026 07:52:55,275 UTC INFO [server] (DeploymentScanner-threads - 2) WFLYSRV0010: ~  ~ info"
            })
    void theThreeFormsOfManagerLinesAreRead(String line, @Nullable String program, String level) {
        LineHeader header = LogFormat.of(line).orElseThrow();

        assertThat(header.program()).isEqualTo(program);
        assertThat(header.level()).isEqualTo(level);
        assertThat(header.stamp()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0, chronyd,   ,        , , ",
        "1, redis,     notice,  , , ",
        "6, 1a1fca641d0a, ,     , , ",
        "7, rails,     ,        , , ",
        "8, rails,     ,        , GET, /sessions/get_user",
        "9, nginx,     , 10.110.35.124, GET, /sessions/get_user",
        "10, nginx, error, 10.110.35.124, GET, /sessions/get_user",
        "11, nginx, warn,  10.110.35.124, GET, /sessions/get_user",
        "13, rails,    ,        , POST, /oauth/token",
        "14, nginx,    , 10.66.76.85, POST, /oauth/token",
        "15, 1a1fca641d0a, info, , , "
    })
    void everyProgramFormatOfTheExcerptIsRead(
            int line,
            String program,
            @Nullable String level,
            @Nullable String client,
            @Nullable String method,
            @Nullable String path)
            throws Exception {
        LineHeader header = LogFormat.of(
                        LogFiles.seed("messages").lines().toList().get(line))
                .orElseThrow();

        assertThat(header.program()).isEqualTo(program);
        assertThat(header.level()).isEqualTo(level);
        LoggedRequest request = header.request() == null ? new LoggedRequest(null, null, null) : header.request();
        assertThat(request).isEqualTo(new LoggedRequest(client, method, path));
    }

    @Test
    void linesOfNginxsOwnFilesAreRead() {
        LineHeader access = LogFormat.of(
                        "fd00::51 - - [13/Jan/2023:11:17:01 +0530] \"POST /oauth/token?x=1 HTTP/1.1\" 200 5")
                .orElseThrow();
        LineHeader error = LogFormat.of("2023/07/13 11:17:01 [error] 47#47: *1576 x, client: 10.0.0.1, server: y")
                .orElseThrow();

        assertThat(access.request()).isEqualTo(new LoggedRequest("fd00::51", "POST", "/oauth/token"));
        assertThat(Objects.requireNonNull(access.stamp()).zone()).isEqualTo("+0530");
        assertThat(error.request()).isEqualTo(new LoggedRequest("10.0.0.1", null, null));
    }

    @Test
    void serviceProxyLinesAreRead() {
        LineHeader header = LogFormat.of("[2026-06-11T07:57:33.635Z] \"POST /suspicious/index.jsp HTTP/1.1\" 200 - 267")
                .orElseThrow();

        assertThat(header.request()).isEqualTo(new LoggedRequest(null, "POST", "/suspicious/index.jsp"));
    }

    @ParameterizedTest
    @CsvSource({
        "Jan, 1",
        "janv., 1",
        "févr., 2",
        "März, 3",
        "Mär, 3",
        "avr., 4",
        "mai, 5",
        "mag, 5",
        "juin, 6",
        "juil., 7",
        "août, 8",
        "ago, 8",
        "set, 9",
        "Okt, 10",
        "out, 10",
        "nov., 11",
        "dic, 12",
        "déc., 12",
        "12月, 12",
        "September, 9",
        "Sept, 9",
        "jui, 0",
        "xyz, 0",
        "ma, 0"
    })
    void monthNamesAreReadInSeveralLanguages(String name, int month) {
        assertThat(MonthNames.number(name)).isEqualTo(month);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " at com.viptela.vmanage.RestAPIClient(RestAPIClient.java:109) [classes:]",
                "Caused by: java.io.IOException: 2023-01-13",
                "method=GET path=/x",
                "January was cold"
            })
    void aLineWithoutTimestampHasNoHeader(String line) {
        assertThat(LogFormat.of(line)).isEmpty();
    }
}
