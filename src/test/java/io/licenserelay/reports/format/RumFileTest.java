package io.licenserelay.reports.format;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.oldPayload;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.event.Digests;
import io.licenserelay.reports.RumReport;
import io.licenserelay.reports.Udi;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RumFileTest {
    private static final int MAX_BYTES = 200_000;

    @TempDir
    Path folder;

    @Test
    void aBareReportHasItsDeviceEntitlementAndPeriod() throws Exception {
        RumReport report = read(bare(report(payload("9ABC", 1671840750)))).get(0);
        assertThat(report.udi()).isEqualTo(new Udi("C8000V", "9ABC"));
        assertThat(report.reportId()).isEqualTo("1671840750");
        assertThat(report.entitlementTag()).startsWith("regid.2018-12.com.cisco.DNA_P_50M_A");
        assertThat(report.startsAt()).isEqualTo(Instant.ofEpochSecond(1671880245));
        assertThat(report.endsAt()).isEqualTo(Instant.ofEpochSecond(1673790212));
        assertThat(report.header()).isNull();
        assertThat(report.signature()).contains("\"value\":\"Tq2qxHTui7/n675=\"");
    }

    @Test
    void theReportNumberIsReadFromTheOldLayout() throws Exception {
        assertThat(read(bare(report(oldPayload("9ABC", 1646687408)))).get(0).reportId())
                .isEqualTo("1646687408");
    }

    @Test
    void severalReportsAreReadWrappedOrBare() throws Exception {
        String one = report(payload("1", 1), true);
        String two = report(payload("2", 2));
        for (String file : List.of(
                wrapped(one, two),
                bare(one) + "\n" + bare(two),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + wrapped(one, two),
                "\uFEFF" + bare(one) + bare(two) + "\n")) {
            List<RumReport> reports = read(file);
            assertThat(reports).extracting(each -> each.udi().serial()).containsExactly("1", "2");
            assertThat(reports.get(0).header()).isEqualTo("{\"type\":\"rum\"}");
        }
    }

    @Test
    void escapedTextIsReadLikeCdata() throws Exception {
        String report = report(payload("9ABC", 1));
        String escaped = report.replace("&", "&amp;").replace("<", "&lt;");
        assertThat(read("<RUMReport>" + escaped + "</RUMReport>")).isEqualTo(read(bare(report)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" ", "ü", "\\u00fc", "\\/", "/", "\\\\", "\\\"", "😀", "\\ud83d\\ude00", "1.0", "\\n", "<&>"})
    void thePayloadIsReadByteForByte(String variant) throws Exception {
        String payload = "{ \"v\" :\t\"" + variant + "\" ," + payload("9ABC", 1).substring(1);
        assertThat(read(bare(report(payload))).get(0).payload()).isEqualTo(payload);
        assertThat(read(bare(report(payload))).get(0).digest())
                .isEqualTo(Digests.sha256(payload.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void escapesInTheOuterJsonDoNotChangeThePayload() throws Exception {
        String plain = report(payload("9ABC", 1).replace("edge", "ü"));
        String escaped = plain.replace("version", "ver\\u0073ion");
        assertThat(read(bare(escaped)).get(0).digest())
                .isEqualTo(read(bare(plain)).get(0).digest());
    }

    @Test
    void otherEncodingsAreReadByByteOrderMarkOrDeclaration() throws Exception {
        String file = bare(report(payload("9ABC", 1).replace("regid.2018-12", "Grüße")));
        String digest = read(file).get(0).digest();
        assertThat(read(file, StandardCharsets.UTF_16).get(0).digest()).isEqualTo(digest);
        String declared = "<?xml version='1.0' encoding='ISO-8859-1'?>" + file;
        assertThat(read(declared, StandardCharsets.ISO_8859_1).get(0).digest()).isEqualTo(digest);
    }

    @Test
    void anInvalidReportIsRejectedWithTheReason() throws Exception {
        String good = report(payload("9ABC", 1));
        assertRejected("", "the file has no <RUMReport>");
        assertRejected("hello", "the file has no <RUMReport>");
        assertRejected("<smartLicense><smartLicensePolicy/></smartLicense>", "the file has no <RUMReport>");
        assertRejected(bare(good).substring(0, 200), "not complete XML");
        assertRejected(bare(good) + "</x>", "not complete XML");
        assertRejected(bare("{"), "report 1: the report is not valid JSON");
        assertRejected(bare(good) + bare("{\"payload\":1}"), "report 2: the report has no \"payload\" text");
        assertRejected(bare("{\"payload\":\"{}\"}"), "no \"signature\" object");
        assertRejected(bare("{\"payload\":\"{}\",\"payload\":\"{}\"}"), "Duplicate field 'payload'");
        assertRejected(bare("{\"payload\":\"x\",\"signature\":{}}"), "the payload is not valid JSON");
        assertRejected(bare("{\"payload\":\"{}\",\"signature\":{}}"), "the report names no device");
        assertRejected(bare(good.replace("9ABC", "\\ud800")), "cannot be sent unchanged");
        assertRejected(bare(good.replace("9ABC", "\\u0000")), "cannot be sent unchanged");
        assertRejected("<RUMReport><b/></RUMReport>", "not complete XML");
        assertRejected("<a>".repeat(30) + "</a>".repeat(30), "nested deeper than 16");
        assertRejected(" ".repeat(MAX_BYTES + 1), "larger than 200000 bytes");
        assertThatThrownBy(() -> read("\u00e4", StandardCharsets.ISO_8859_1)).hasMessageContaining("not valid UTF-8");
        assertRejected(
                "<?xml version='1.0' encoding='klingon'?>" + bare(good), "encoding \"klingon\" is not supported");
    }

    @Test
    void externalEntitiesAreNotResolved() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "secret-content");
        String entity =
                "<!DOCTYPE RUMReport [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]><RUMReport>&e;</RUMReport>";
        assertThatThrownBy(() -> read(entity))
                .isInstanceOf(MalformedReport.class)
                .hasMessageContaining("not complete XML")
                .hasMessageNotContaining("secret-content");
        assertRejected("<RUMReport>&undeclared;</RUMReport>", "not complete XML");
        for (String outside : List.of(
                "<!DOCTYPE RUMReport SYSTEM \"" + secret.toUri() + "\">",
                "<!DOCTYPE RUMReport [<!ENTITY % e SYSTEM \"" + secret.toUri() + "\"> %e;]>")) {
            assertThatThrownBy(() -> read(outside + "<RUMReport>x</RUMReport>"))
                    .isInstanceOf(MalformedReport.class)
                    .hasMessageNotContaining("secret-content");
        }
    }

    @Test
    void nestedEntitiesAreNotExpanded() {
        StringBuilder bomb = new StringBuilder("<!DOCTYPE RUMReport [<!ENTITY e0 \"lol\">");
        for (int i = 1; i < 12; i++) {
            bomb.append("<!ENTITY e")
                    .append(i)
                    .append(" \"")
                    .append(("&e" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        assertRejected(bomb + "]><RUMReport>&e11;</RUMReport>", "not complete XML");
    }

    @Test
    void aDeeplyNestedPayloadIsRejected() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        assertRejected(bare("{\"payload\":\"" + deep + "\",\"signature\":{}}"), "the payload is not valid JSON");
    }

    private void assertRejected(String content, String expectedReason) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(MalformedReport.class)
                .hasMessageContaining(expectedReason);
    }

    private List<RumReport> read(String content) throws IOException, MalformedReport {
        return read(content, StandardCharsets.UTF_8);
    }

    private List<RumReport> read(String content, Charset charset) throws IOException, MalformedReport {
        Path file = Files.write(folder.resolve("file.txt"), content.getBytes(charset));
        List<RumReport> reports = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        new ReportFileReader(MAX_BYTES).read(file, each -> {
            reports.addAll(each.reports());
            problems.addAll(each.problems());
        });
        if (!problems.isEmpty()) {
            throw new MalformedReport(problems.toString());
        }
        return reports;
    }
}
