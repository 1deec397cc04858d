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
 * Whatever bytes lie in an inbox: reports, acknowledgements, statements or complaints, within bounds; never anything else.
 * A report that comes out can be written into a bundle and read again as it was.
 */
@Tag("deep")
class ReaderFuzzTest {
    private static final int LARGEST = 1 << 20;

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "15s")
    void whatLiesInAnInboxIsReadOrComplainedAbout(byte[] given) throws IOException {
        if (given == null || given.length == 0) {
            return;
        }
        byte[] file = packed(given[0], Arrays.copyOfRange(given, 1, given.length));
        // As in the ledger: the first of a digest counts.
        Map<String, RumReport> reports = new LinkedHashMap<>();
        new ReportFileReader(LARGEST).read(new ByteArrayInputStream(file), each -> {
            each.reports().forEach(report -> reports.putIfAbsent(report.digest(), report));
            each.acks().forEach(ReaderFuzzTest::check);
            each.statements().forEach(ReaderFuzzTest::check);
            assertThat(each.problems())
                    .allSatisfy(told -> assertThat(told).isNotBlank().hasSizeLessThan(LARGEST));
        });
        assertThat(reports).hasSizeLessThanOrEqualTo(20_000);
        if (!reports.isEmpty()) {
            assertThat(again(reports)).containsExactlyElementsOf(reports.values());
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

    /** As a bundle that we write, read again. */
    private static List<RumReport> again(Map<String, RumReport> reports) throws IOException {
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

    /** @param how the bytes after the first are packed */
    private static byte[] packed(byte how, byte[] content) {
        return switch (how & 7) {
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
                        .map(how -> after(how, text.getBytes(StandardCharsets.UTF_8)))),
                Stream.of(
                        after(0, Archives.gzip(bytes)),
                        after(0, Archives.tar(new Archives.Entry("a", bytes), new Archives.Entry("b", bytes))),
                        after(0, Archives.zip(new Archives.Entry("a", bytes), new Archives.Entry("b", bytes))),
                        after(0, Archives.bundle(new Archives.Entry("dev_1_x.txt", bytes)))));
    }

    private static byte[] after(int how, byte[] content) {
        byte[] all = new byte[content.length + 1];
        all[0] = (byte) how;
        System.arraycopy(content, 0, all, 1, content.length);
        return all;
    }
}
