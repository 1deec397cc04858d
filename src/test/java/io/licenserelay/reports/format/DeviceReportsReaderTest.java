package io.licenserelay.reports.format;

import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.reports.RumReport;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accepted and rejected formats of a device's answer. */
class DeviceReportsReaderTest {
    private final List<RumReport> reports = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    @Test
    void moreThanTenThousandReportsAreRead() throws Exception {
        read(IntStream.range(0, 10_001)
                .mapToObj(number -> report(payload("9ABC", number)))
                .collect(Collectors.joining(",", "{\"usage\":[", "]}")));
        assertThat(reports).hasSize(10_001);
        assertThat(reports.get(10_000).payload()).isEqualTo(payload("9ABC", 10_000));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"usage\":[]}", "{\"other\":{\"usage\":[1]},\"more\":[{}]}", " { } "})
    void anAnswerWithoutUsageHasNoReports(String answer) throws Exception {
        read(answer);
        assertThat(reports).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void aSingleReportWithoutAListIsRead() throws Exception {
        read("{\"usage\":" + report(payload("9ABC", 1)) + "}");
        assertThat(reports).extracting(RumReport::payload).containsExactly(payload("9ABC", 1));
    }

    @Test
    void anInvalidReportIsNamedByItsPosition() throws Exception {
        read("{\"usage\":[" + report(payload("9ABC", 1)) + ",7,[{}]," + report(payload("9ABC", 2)) + "]}");
        assertThat(reports).hasSize(2);
        assertThat(problems).hasSize(2).first().asString().startsWith("report 2 in the answer: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "noise",
                "<html>",
                "{\"usage\":7}",
                "{\"usage\":null}",
                "{\"usage\":[",
                "{\"usage\":[]} x",
                "{} {}"
            })
    void anInvalidAnswerIsRejected(String answer) {
        assertThatThrownBy(() -> read(answer)).isInstanceOf(MalformedReport.class);
    }

    @Test
    void bytesThatAreNotUtf8AreRejectedAndNotReplaced() {
        byte[] latin = ("{\"usage\":[" + report("{\"ü\":1}") + "]}").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> DeviceReportsReader.read(new ByteArrayInputStream(latin), reports::add, problems::add))
                .isInstanceOf(MalformedReport.class)
                .hasMessage("the answer is not valid UTF-8");
    }

    private void read(String answer) throws Exception {
        DeviceReportsReader.read(
                new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)), reports::add, problems::add);
    }
}
