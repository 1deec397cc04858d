package io.licenserelay.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.licenserelay.config.site.Place;
import io.licenserelay.fixture.Archives;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.inventory.Places;
import io.licenserelay.reports.bundle.UsageBundle;
import io.licenserelay.reports.format.AckFile;
import io.licenserelay.reports.format.DeviceStatus;
import io.licenserelay.reports.format.ReportFileReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any file in an inbox results only in reports, acknowledgements, statements or problems, each within its limits. Every report that is
 * read can be written to a bundle and read again unchanged.
 */
@Tag("deep")
class ReaderFuzzTest {
    private static final int LARGEST = 1 << 20;

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "15s")
    void everyFileIsReadOrReportedAsAProblem(byte[] input) throws IOException {
        if (input == null || input.length == 0) {
            return;
        }
        byte[] file = packed(input[0], Arrays.copyOfRange(input, 1, input.length));
        // As in the ledger, the first report with a digest counts.
        Map<String, RumReport> reports = new LinkedHashMap<>();
        new ReportFileReader(LARGEST).read(new ByteArrayInputStream(file), each -> {
            each.reports().forEach(report -> reports.putIfAbsent(report.digest(), report));
            each.acks().forEach(ReaderFuzzTest::check);
            each.statements().forEach(ReaderFuzzTest::check);
            assertThat(each.problems())
                    .allSatisfy(problem -> assertThat(problem).isNotBlank().hasSizeLessThan(LARGEST));
        });
        assertThat(reports).hasSizeLessThanOrEqualTo(20_000);
        if (!reports.isEmpty()) {
            assertThat(writtenAndReadAgain(reports)).containsExactlyElementsOf(reports.values());
        }
    }

    private static void check(AckFile file) {
        Ack ack = Ack.of(new Udi("pid", "serial"), file.base64(), file.text());
        assertThat(ack.bytes()).hasSizeLessThanOrEqualTo(LARGEST);
        assertThat(ack.digests()).hasSizeLessThanOrEqualTo(100);
        assertThat(String.valueOf(file.deviceNumber())).hasSizeLessThanOrEqualTo(40);
        Udi udi = file.udi();
        assertThat(udi == null ? "" : udi.pid() + udi.serial()).hasSizeLessThanOrEqualTo(160);
    }

    private static void check(DeviceStatus statement) {
        assertThat(statement.states()).hasSizeLessThanOrEqualTo(100_000);
        DeviceStatus.Time last = statement.lastAck();
        assertThat(last == null ? "" : last.printed()).hasSizeLessThanOrEqualTo(80);
    }

    /** Writes the reports to a bundle and reads it. */
    private static List<RumReport> writtenAndReadAgain(Map<String, RumReport> reports) throws IOException {
        Submission submission = new Submission(
                "id",
                Place.site("hq"),
                new Udi("pid", "serial"),
                new Places.Ids("", ""),
                "nonce",
                List.copyOf(reports.keySet()),
                false,
                List.of(),
                null);
        Path folder = Files.createTempDirectory("fuzz");
        Path bundle = folder.resolve(UsageBundle.name(Instant.EPOCH));
        try {
            UsageBundle.write(bundle, "id", List.of(new UsageBundle.Device("1", submission)), digest -> {
                RumReport report = Objects.requireNonNull(reports.get(digest));
                return new UsageBundle.Content(report.payload(), report.header(), report.signature());
            });
            List<RumReport> read = new ArrayList<>();
            new ReportFileReader(64 << 20).read(bundle, each -> {
                assertThat(each.problems()).isEmpty();
                read.addAll(each.reports());
            });
            return read;
        } finally {
            Files.delete(bundle);
            Files.delete(folder);
        }
    }

    /** @param container the container of the content */
    private static byte[] packed(byte container, byte[] content) {
        return switch (container & 7) {
            case 1 -> Archives.gzip(content);
            case 2 -> Archives.tar(new Archives.Entry("a", content), new Archives.Entry("b", content));
            case 3 -> Archives.zip(new Archives.Entry("a", content));
            case 4 -> Archives.bundle(new Archives.Entry("dev_1_x.txt", content));
            default -> content;
        };
    }

    static Stream<byte[]> seeds() {
        String one = RumSamples.report(RumSamples.payload("9ABC", 1), true);
        String xml = RumSamples.wrapped(one, RumSamples.report(RumSamples.oldPayload("9ABC", 2)));
        List<String> texts = List.of(
                xml,
                "{\"usage\":[" + one + "," + one + "]}",
                "UDI: PID:C8000V,SN:9ABC\nReport Id,   State,  Flag\n1671840750   ACK   N  x\n"
                        + "Last ACK received: Mar 15 21:18:58 2024 UTC\nNext ACK deadline: Jan 12 12:10:32 2036\n",
                "<smartLicense><smartLicenseRumAck><data>{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"9ABC\"}"
                        + "</data></smartLicenseRumAck></smartLicense>",
                "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><RUMReport>" + one.replace("<", "&lt;")
                        + "</RUMReport>");
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        return Stream.concat(
                texts.stream().flatMap(text -> Stream.of(0, 1, 4)
                        .map(container -> withContainer(container, text.getBytes(StandardCharsets.UTF_8)))),
                Stream.of(
                        withContainer(0, Archives.gzip(bytes)),
                        withContainer(0, Archives.tar(new Archives.Entry("a", bytes), new Archives.Entry("b", bytes))),
                        withContainer(0, Archives.zip(new Archives.Entry("a", bytes), new Archives.Entry("b", bytes))),
                        withContainer(0, Archives.bundle(new Archives.Entry("dev_1_x.txt", bytes)))));
    }

    private static byte[] withContainer(int container, byte[] content) {
        byte[] all = new byte[content.length + 1];
        all[0] = (byte) container;
        System.arraycopy(content, 0, all, 1, content.length);
        return all;
    }
}
