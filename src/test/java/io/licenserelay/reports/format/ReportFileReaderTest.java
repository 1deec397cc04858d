package io.licenserelay.reports.format;

import static io.licenserelay.fixture.Archives.Entry;
import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.fixture.Archives;
import io.licenserelay.reports.RumReport;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportFileReaderTest {
    private static final int MAX_BYTES = 2 << 20;
    private static final List<String> VARIANTS = List.of(
            " ",
            "ü",
            "\\u00fc",
            "\\/",
            "\\\\",
            "\\\"",
            "😀",
            "\\ud83d\\ude00",
            "1.0",
            "\\n",
            "<&>",
            "]]",
            "<smartLicenseRumAck>",
            "\u2028Report Id, State,\u2028Last ACK received: x\u2028");

    private record Read(List<RumReport> reports, List<String> problems) {}

    static Stream<Arguments> containers() {
        return Stream.of(
                arguments("plain", 0),
                arguments("gz", 1),
                arguments("tar", 2),
                arguments("tar.gz", 3),
                arguments("zip", 4),
                arguments("bundle", 5),
                arguments("zip of bundle", 6),
                arguments("gz of gz", 7));
    }

    private static byte[] packed(int container, byte[] content) {
        Entry entry = new Entry("./dev_1_x.txt", content);
        return switch (container) {
            case 0 -> content;
            case 1 -> Archives.gzip(content);
            case 2 -> Archives.tar(entry);
            case 3 -> Archives.gzip(Archives.tar(entry));
            case 4 -> Archives.zip(entry);
            case 5 -> Archives.bundle(entry);
            case 6 -> Archives.zip(new Entry("UD_SA_1.tar.gz", Archives.bundle(entry)));
            case 7 -> Archives.gzip(Archives.gzip(content));
            default -> throw new IllegalArgumentException(String.valueOf(container));
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("containers")
    void everyContainerPreservesEveryByteOfAPayload(String name, int container) {
        for (String variant : VARIANTS) {
            String payload =
                    "{ \"v\" :\t\"" + variant + "\" ," + payload("9ABC", 1).substring(1);
            String escapedReport = report(payload, true).replace("&", "&amp;").replace("<", "&lt;");
            for (String file : List.of(
                    "<RUMReport>" + escapedReport + "</RUMReport>",
                    wrapped(report(payload)),
                    "{\"usage\":[" + report(payload, true) + "]}",
                    " [" + report(payload) + "]",
                    report(payload))) {
                Read read = read(packed(container, file.getBytes(StandardCharsets.UTF_8)));
                assertThat(read.problems()).as(file).isEmpty();
                assertThat(read.reports()).singleElement().satisfies(each -> assertThat(
                                each.payload().getBytes(StandardCharsets.UTF_8))
                        .isEqualTo(payload.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    void validReportsOfABundleAreReadAndInvalidOnesNamed() {
        byte[] cut = Archives.gzip(bytes(bare(report(payload("4", 4)))));
        Read read = read(Archives.bundle(
                Entry.of("dev_1_x.txt", wrapped(report(payload("1", 1)))),
                Entry.of("dev_2_x.txt", "hello"),
                Entry.of("dev_3_x.txt", bare("{}") + bare(report(payload("3", 3)))),
                new Entry("dev_4_x.txt.gz", Arrays.copyOf(cut, cut.length / 2)),
                Entry.of("dev_5_x.txt", wrapped(report(payload("5", 5))))));
        assertThat(serials(read)).containsExactly("1", "3", "5");
        assertThat(read.problems())
                .hasSize(3)
                .anyMatch(each -> each.equals("UD_VA_26Nov22_py.tar.gz/dev_2_x.txt: the file has no <RUMReport>"))
                .anyMatch(each -> each.contains("dev_3_x.txt: report 1: the report has no \"payload\" text"))
                .anyMatch(each -> each.contains("dev_4_x.txt.gz: the gzip data is damaged or truncated"));
    }

    @Test
    void reportsBeforeATruncationAreRead() {
        byte[] whole = Archives.tar(
                Entry.of("1.txt", bare(report(payload("1", 1)))), Entry.of("2.txt", bare(report(payload("2", 2)))));
        Read read = read(Arrays.copyOf(whole, 2_700));
        assertThat(serials(read)).containsExactly("1");
        assertThat(read.problems()).isNotEmpty();
    }

    @Test
    void contentOfAnotherKindIsReportedAsUnread() {
        String one = bare(report(payload("9ABC", 1)));
        String ack = "<smartLicenseRumAck>x</smartLicenseRumAck>";
        assertRejected(bytes(ack + one), "the file also contains reports");
        assertRejected(bytes("Last ACK received: x\n" + one), "the file also contains reports");
        for (String other : List.of(ack + ack, "\nLast ACK received: x\n")) {
            Read read = read(bytes(one + other));
            assertThat(serials(read)).containsExactly("9ABC");
            assertThat(read.problems()).singleElement().asString().contains("among reports, which was not read");
        }
    }

    @Test
    void anAcknowledgementMayContainElementsWhoseNamesStartLikeAReport() {
        byte[] ack = bytes("<smartLicense><RUMReportId>1</RUMReportId><smartLicenseRumAck>x</smartLicenseRumAck>");
        List<ParsedFile> parts = new ArrayList<>();
        new ReportFileReader(MAX_BYTES).read(new ByteArrayInputStream(ack), parts::add);
        assertThat(parts).singleElement().satisfies(each -> {
            assertThat(each.acks()).hasSize(1);
            assertThat(each.problems()).isEmpty();
        });
    }

    @Test
    void unsafeEntryNamesAndLinksAreRejected() {
        byte[] good = bytes(bare(report(payload("1", 1))));
        String link = "it is a link or a special file";
        for (String name : List.of("../up.txt", "a/../../up.txt", "..", "a\\..\\up.txt")) {
            assertRejected(Archives.tar(new Entry(name, good)), "its name contains ..");
            assertRejected(Archives.zip(new Entry(name, good)), "its name contains ..");
        }
        for (String name : List.of("/etc/passwd", "C:\\x", "\\\\host\\x")) {
            assertRejected(Archives.tar(new Entry(name, good)), "its name is absolute");
            assertRejected(Archives.zip(new Entry(name, good)), "its name is absolute");
        }
        assertRejected(Archives.zip(new Entry("a\u0007b", good)), "control characters");
        assertRejected(Archives.tarOfSymbolicLink("link", "/etc/passwd"), link);
        assertRejected(Archives.tarOfLink("link", TarConstants.LF_LINK, "other"), link);
        assertRejected(Archives.tarOfLink("pipe", TarConstants.LF_FIFO, ""), link);
        assertRejected(Archives.zip(0120777, Entry.of("link", "/etc/passwd")), link);
    }

    @Test
    void archiveBombsAreRejectedAtTheirLimits() {
        byte[] zeros = new byte[1_900_000];
        assertRejected(Archives.gzip(zeros), "more than 250 times its size");
        assertRejected(Archives.zip(new Entry("zeros", zeros)), "more than 250 times its size");
        byte[] bomb = Archives.gzip(zeros);
        assertRejected(Archives.gzip(bomb), "more than 250 times its size");
        assertRejected(Archives.tar(new Entry("a.gz", bomb)), "more than 250 times its size");
        assertRejected(Archives.tarGz(new Entry("a", zeros)), "more than 250 times its size");
        assertRejected(Archives.zip(new Entry("a.gz", bomb)), "more than 250 times its size");
        assertRejected(
                Archives.zip(new Entry("a.zip", Archives.zip(new Entry("a", zeros)))), "more than 250 times its size");
        assertRejected(Archives.tarOfLongName(1_100_000), "an entry name in the archive is too long");

        byte[] nested = bytes("x");
        for (int i = 0; i < 12; i++) {
            nested = Archives.gzip(nested);
        }
        assertRejected(nested, "nested deeper than 8 levels");

        Entry[] many = new Entry[20_001];
        Arrays.fill(many, new Entry("manifest.mf", new byte[0]));
        assertRejected(Archives.tarGz(many), "more than 20000 files");

        byte[] noise = new byte[30_000];
        new Random(1).nextBytes(noise);
        byte[] repeated = new byte[noise.length * 66];
        Arrays.setAll(new int[repeated.length], i -> repeated[i] = noise[i % noise.length]);
        Entry[] large = new Entry[140];
        Arrays.fill(large, new Entry("noise", repeated));
        assertRejected(Archives.tarGz(large), "unpacks to more than 256 MiB");
        assertRejected(new byte[MAX_BYTES + 1], "larger than " + MAX_BYTES + " bytes");
    }

    @Test
    void invalidExportsAreRejected() {
        assertRejected(bytes("{}"), "has no \"usage\" list");
        assertRejected(bytes("{\"usage\":{}}"), "has no \"usage\" list");
        assertRejected(bytes("[1]"), "report 1: the report has no \"payload\" text");
        assertRejected(bytes("{\"usage\":["), "the file is not valid JSON");
        assertRejected(bytes("[".repeat(200)), "the file is not valid JSON");
    }

    private static void assertRejected(byte[] content, String expectedProblem) {
        Read read = read(content);
        assertThat(read.reports()).isEmpty();
        assertThat(read.problems()).anyMatch(each -> each.contains(expectedProblem));
    }

    private static List<String> serials(Read read) {
        return read.reports().stream().map(each -> each.udi().serial()).toList();
    }

    private static Read read(byte[] content) {
        Read read = new Read(new ArrayList<>(), new ArrayList<>());
        new ReportFileReader(MAX_BYTES).read(new ByteArrayInputStream(content), each -> {
            read.reports().addAll(each.reports());
            read.problems().addAll(each.problems());
        });
        return read;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
