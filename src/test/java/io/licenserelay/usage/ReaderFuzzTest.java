package io.licenserelay.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes lie in an inbox: a report that can be sent, or a complaint, within bounds; never anything else. */
class ReaderFuzzTest {
    private static final long SEED = 20_261_122;
    private static final Duration LONGEST = Duration.ofSeconds(6);
    private static final int LEAST = 500;

    private final Random random = new Random(SEED);

    @Test
    void mutatedFilesNeverEndInAnythingButReportsAndComplaints() {
        List<byte[]> seeds = seeds();
        long end = System.nanoTime() + LONGEST.toNanos();
        int round = 0;
        for (; round < LEAST || System.nanoTime() < end; round++) {
            byte[] mutated = mutated(seeds.get(random.nextInt(seeds.size())));
            assertThatCode(() -> read(mutated))
                    .as("seed %s, round %s", SEED, round)
                    .doesNotThrowAnyException();
        }
        assertThat(round).isGreaterThanOrEqualTo(LEAST);
    }

    private static void read(byte[] content) {
        new InboxReader(1 << 20).read(new ByteArrayInputStream(content), each -> {
            for (RumReport report : each.reports()) {
                assertThat(report.payload()).isNotBlank();
                assertThat(report.digest()).hasSize(64);
            }
            assertThat(each.complaints()).allSatisfy(told -> assertThat(told).isNotBlank());
        });
    }

    private static List<byte[]> seeds() {
        String one = RumSamples.report(RumSamples.payload("9ABC", 1), true);
        byte[] xml = bytes(RumSamples.wrapped(one, one));
        return List.of(
                xml,
                bytes("{\"usage\":[" + one + "," + one + "]}"),
                bytes(
                        "Report Id,   State,  Flag\n1671840750   ACK   N  x\nLast ACK received: Mar 15 21:18:58 2024 UTC\n"),
                bytes("<smartLicense><smartLicenseRumAck><data>{}</data></smartLicenseRumAck></smartLicense>"),
                Packed.gzip(xml),
                Packed.tar(new Packed.Entry("a", xml), new Packed.Entry("b", xml)),
                Packed.zip(new Packed.Entry("a", xml), new Packed.Entry("b", xml)),
                Packed.bundle(new Packed.Entry("dev_1_x.txt", xml)));
    }

    /** Bytes changed, cut out, doubled or put in: a few each time. */
    private byte[] mutated(byte[] seed) {
        byte[] bytes = seed.clone();
        for (int i = random.nextInt(6); i >= 0 && bytes.length > 4; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 ->
                    bytes = joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
                default ->
                    bytes = joined(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
