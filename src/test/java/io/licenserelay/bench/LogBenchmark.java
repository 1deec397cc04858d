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
 * (f) Reads the lines of a log around a failure. It compares a plain file with a file of a tenth of the size, at the
 * end and in the middle. It compares a rotated, compressed file with {@code zcat | tail}; both must decompress the
 * whole file.
 */
final class LogBenchmark {
    private static final Instant LAST_LINE_TIME = Instant.parse("2026-01-13T12:00:00Z");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LINE_BYTES = 100;
    private static final int LINES_PER_SECOND = 100;
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
        Path workDir = Files.createTempDirectory(folder, "log");
        plain(workDir);
        Benchmarks.delete(workDir);
        compressed(Files.createTempDirectory(folder, "gz"));
    }

    private void plain(Path workDir) throws Exception {
        report.title("(f) the window of a plain log, warm: " + gigabytes + " GB against 1 GB");
        Path small = writeLog(workDir.resolve("small"), Files.newOutputStream(workDir.resolve("small")), GIGABYTE);
        Path large = writeLog(
                workDir.resolve("large"), Files.newOutputStream(workDir.resolve("large")), gigabytes * GIGABYTE);
        for (long back : new long[] {30, GIGABYTE / LINE_BYTES / LINES_PER_SECOND / 2}) {
            Figures ofSmall = new Figures();
            Figures ofLarge = new Figures();
            // Alternates both files, so that other load on the machine affects both.
            for (int round = -ROUNDS; round < ROUNDS; round++) {
                double smallMillis = millis(small, LAST_LINE_TIME.minusSeconds(back));
                double largeMillis = millis(large, LAST_LINE_TIME.minusSeconds(back));
                if (round >= 0) {
                    ofSmall.add(smallMillis);
                    ofLarge.add(largeMillis);
                }
            }
            String where = back + " s before the end: ";
            report.figure(where + "1 GB", ofSmall, "ms");
            report.figure(where + gigabytes + " GB", ofLarge, "ms");
            report.atMost(where + gigabytes + " GB, ms", ofLarge.median(), 50);
            report.atMost(where + gigabytes + " GB / 1 GB", ofLarge.median() / ofSmall.median(), 1.2);
        }
    }

    private void compressed(Path workDir) throws Exception {
        Path rotated = workDir.resolve("messages.1.gz");
        writeLog(rotated, new GZIPOutputStream(Files.newOutputStream(rotated), 1 << 16), GIGABYTE);
        report.title("(f) the window at the end of a rotated .gz of 1 GB uncompressed, "
                + Files.size(rotated) / 1_000_000 + " MB compressed");
        Figures floor = new Figures();
        Figures relay = new Figures();
        for (int round = -1; round < rounds; round++) {
            double tail = tail(rotated);
            double seconds = millis(workDir.resolve("messages"), LAST_LINE_TIME.minusSeconds(30)) / 1e3;
            if (round >= 0) {
                floor.add(tail);
                relay.add(seconds);
            }
        }
        report.figure("zcat | tail -c 1048576", floor, "s");
        report.figure("relay", relay, "s");
        report.atMost("relay / zcat | tail", relay.median() / floor.median(), 1.3);
        Benchmarks.delete(workDir);
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
            throw new IllegalStateException("the excerpt does not contain the line of the failure: "
                    + reading.excerpt().note());
        }
        return millis;
    }

    /** Writes a hundred lines per second. Each has as much random text as a real request line has unique text. */
    private static Path writeLog(Path path, OutputStream target, long size) throws IOException {
        Random random = new Random(42);
        byte[] noise = new byte[1 << 20];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) "0123456789abcdef".charAt(random.nextInt(16));
        }
        long seconds = size / LINE_BYTES / LINES_PER_SECOND;
        byte[] block = new byte[LINE_BYTES * LINES_PER_SECOND];
        try (OutputStream out = new BufferedOutputStream(target, 1 << 20)) {
            for (long second = seconds - 1; second >= 0; second--) {
                byte[] prefix = (STAMP.format(LAST_LINE_TIME.minusSeconds(second))
                                + " SSM-On-Prem 1a1fca641d0a: method=GET path=/api/v1 ")
                        .getBytes(StandardCharsets.UTF_8);
                for (int line = 0; line < LINES_PER_SECOND; line++) {
                    int start = line * LINE_BYTES;
                    System.arraycopy(prefix, 0, block, start, prefix.length);
                    int randomLength = LINE_BYTES - 1 - prefix.length;
                    System.arraycopy(
                            noise,
                            random.nextInt(noise.length - randomLength),
                            block,
                            start + prefix.length,
                            randomLength);
                    block[start + LINE_BYTES - 1] = '\n';
                }
                out.write(block);
            }
        }
        return Files.setLastModifiedTime(path, FileTime.from(LAST_LINE_TIME));
    }
}
