package io.licenserelay.bench;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.evidence.logs.LogReading;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * (f) The window of a log around a failure: of a plain file against one a tenth as large, at its end and half way back; and of a rotated
 * compressed one against {@code zcat | tail}, both of which must inflate all of it.
 */
final class LogBenchmark {
    private static final Instant LAST = Instant.parse("2026-01-13T12:00:00Z");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LINE = 100;
    private static final int LINES_A_SECOND = 100;
    private static final long GIGABYTE = 1_000_000_000L;
    private static final int ROUNDS = 50;

    private final Path folder;
    private final int rounds;
    private final int gigabytes;
    private final Report report;

    LogBenchmark(Path folder, int rounds, int gigabytes, Report report) {
        this.folder = folder;
        this.rounds = rounds;
        this.gigabytes = gigabytes;
        this.report = report;
    }

    void run() throws Exception {
        Path place = Files.createTempDirectory(folder, "log");
        plain(place);
        Benchmarks.delete(place);
        compressed(Files.createTempDirectory(folder, "gz"));
    }

    private void plain(Path place) throws Exception {
        report.title("(f) the window of a plain log, warm: " + gigabytes + " GB against 1 GB");
        Path small = written(place.resolve("small"), Files.newOutputStream(place.resolve("small")), GIGABYTE);
        Path large =
                written(place.resolve("large"), Files.newOutputStream(place.resolve("large")), gigabytes * GIGABYTE);
        for (long back : new long[] {30, GIGABYTE / LINE / LINES_A_SECOND / 2}) {
            Figures ofSmall = new Figures();
            Figures ofLarge = new Figures();
            // By turns, so that what else the machine does meets both.
            for (int round = -ROUNDS; round < ROUNDS; round++) {
                double one = millis(small, LAST.minusSeconds(back));
                double ten = millis(large, LAST.minusSeconds(back));
                if (round >= 0) {
                    ofSmall.add(one);
                    ofLarge.add(ten);
                }
            }
            String where = back + " s before the end: ";
            report.figure(where + "1 GB", ofSmall, "ms");
            report.figure(where + gigabytes + " GB", ofLarge, "ms");
            report.atMost(where + gigabytes + " GB, ms", ofLarge.median(), 50);
            report.atMost(where + gigabytes + " GB / 1 GB", ofLarge.median() / ofSmall.median(), 1.2);
        }
    }

    private void compressed(Path place) throws Exception {
        Path rotated = place.resolve("messages.1.gz");
        written(rotated, new GZIPOutputStream(Files.newOutputStream(rotated), 1 << 16), GIGABYTE);
        report.title("(f) the window at the end of a rotated .gz of 1 GB uncompressed, "
                + Files.size(rotated) / 1_000_000 + " MB compressed");
        Figures floor = new Figures();
        Figures relay = new Figures();
        for (int round = -1; round < rounds; round++) {
            double tail = tail(rotated);
            double own = millis(place.resolve("messages"), LAST.minusSeconds(30)) / 1e3;
            if (round >= 0) {
                floor.add(tail);
                relay.add(own);
            }
        }
        report.figure("zcat | tail -c 1048576", floor, "s");
        report.figure("relay", relay, "s");
        report.atMost("relay / zcat | tail", relay.median() / floor.median(), 1.3);
        Benchmarks.delete(place);
    }

    private static double tail(Path file) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int code = new ProcessBuilder("sh", "-c", "zcat \"$0\" | tail -c 1048576", file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("zcat ended with " + code);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double millis(Path file, Instant failed) {
        Site.LogFile log = new Site.LogFile("ssm", file, ZoneOffset.UTC);
        long start = System.nanoTime();
        LogReading reading = new LogReader().read(log, TestSite.failure(failed), Deadline.in(Duration.ofMinutes(2)));
        double millis = (System.nanoTime() - start) / 1e6;
        if (!failed.equals(reading.excerpt().facts().get(0).at())
                && reading.excerpt().facts().stream().noneMatch(line -> failed.equals(line.at()))) {
            throw new IllegalStateException(
                    "the line of the failure is not there: " + reading.excerpt().note());
        }
        return millis;
    }

    /** A hundred lines a second, each with as much of its own as a request has. */
    private static Path written(Path path, OutputStream target, long size) throws IOException {
        Random random = new Random(42);
        byte[] noise = new byte[1 << 20];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) "0123456789abcdef".charAt(random.nextInt(16));
        }
        long seconds = size / LINE / LINES_A_SECOND;
        byte[] block = new byte[LINE * LINES_A_SECOND];
        try (OutputStream out = new BufferedOutputStream(target, 1 << 20)) {
            for (long second = seconds - 1; second >= 0; second--) {
                byte[] head = (STAMP.format(LAST.minusSeconds(second))
                                + " SSM-On-Prem 1a1fca641d0a: method=GET path=/api/v1 ")
                        .getBytes(StandardCharsets.UTF_8);
                for (int line = 0; line < LINES_A_SECOND; line++) {
                    int at = line * LINE;
                    System.arraycopy(head, 0, block, at, head.length);
                    int rest = LINE - 1 - head.length;
                    System.arraycopy(noise, random.nextInt(noise.length - rest), block, at + head.length, rest);
                    block[at + LINE - 1] = '\n';
                }
                out.write(block);
            }
        }
        return Files.setLastModifiedTime(path, FileTime.from(LAST));
    }
}
