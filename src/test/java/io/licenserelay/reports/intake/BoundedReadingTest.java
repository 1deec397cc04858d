package io.licenserelay.reports.intake;

import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.reports.RumReport;
import io.licenserelay.reports.format.ReportFileReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files below the size limit whose parsed trees would exceed the memory many times over. */
class BoundedReadingTest {
    private static final int LARGEST = ReportIntake.MAX_FILE_SIZE;

    private final List<RumReport> reports = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    @Test
    void aListOfMillionsOfEmptyObjectsIsReadOnlyUpToTheReportLimit() {
        read("{\"usage\":[" + repeated("{\"\":{}},", LARGEST - 100) + "{}]}");
        assertThat(problems).hasSize(10_001);
        assertThat(problems.get(10_000)).contains("more than 10000 reports");
    }

    @Test
    void aReportWithMillionsOfValuesIsRejected() {
        read("{\"usage\":[" + report(payload("9ABC", 1)) + ",{\"payload\":[" + repeated("{},", LARGEST - 10_000)
                + "{}]}]}");
        assertThat(reports).as("the report before it is read").hasSize(1);
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("holds more than 500000 values and names in one piece");
    }

    @Test
    void fieldsBesideTheReportsAreLimitedToo() {
        String names = IntStream.range(0, 600_000)
                .mapToObj(number -> "\"n" + number + "\":0")
                .collect(Collectors.joining(","));
        read("{\"beside\":{" + names + "},\"usage\":[]}");
        assertThat(problems).singleElement().asString().contains("holds more than 500000");
    }

    @Test
    void aPayloadWithMillionsOfValuesIsRejectedAndTheNextReportIsRead() {
        String payload = "{\\\"measurements\\\":[" + repeated("{},", LARGEST - 10_000) + "{}]}";
        read("{\"usage\":[{\"payload\":\"" + payload + "\",\"signature\":{}}," + report(payload("9ABC", 1)) + "]}");
        assertThat(reports).hasSize(1);
        assertThat(problems)
                .containsExactly("report 1: the payload holds more than 500000 values and names in one piece");
    }

    @Test
    void anXmlFileWithTooManyElementsIsRejected() {
        String names = IntStream.range(0, 200_000)
                .mapToObj(number -> "<n" + number + "/>")
                .collect(Collectors.joining());
        read("<a>" + names + "</a>");
        assertThat(problems).singleElement().asString().contains("more than 100000 elements and attributes");
    }

    @Test
    void ordinaryReportsAreRead() {
        read("[" + report(payload("9ABC", 1)) + "," + report(payload("9ABC", 2)) + "]");
        read(report(payload("9ABC", 3)));
        read("{\"usage\":[" + report(payload("9ABC", 4)) + "],\"more\":{\"a\":[1]}}");
        assertThat(reports).hasSize(4);
        assertThat(problems).isEmpty();
        read("{\"usage\":[" + report(payload("9ABC", 5)) + "]} x");
        assertThat(problems).hasSize(1);
        assertThat(reports).hasSize(5);
    }

    private static String repeated(String part, int length) {
        return part.repeat(length / part.length());
    }

    private void read(String text) {
        new ReportFileReader(LARGEST).read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), content -> {
            reports.addAll(content.reports());
            problems.addAll(content.problems());
        });
    }
}
