package io.licenserelay.evidence.logs;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.logs.file.GzipFile;
import io.licenserelay.evidence.logs.file.Rotations;
import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.SafeText;
import io.licenserelay.evidence.logs.line.Stamp;
import io.licenserelay.evidence.logs.time.StampHints;
import io.licenserelay.evidence.logs.time.Stamps;
import io.licenserelay.evidence.process.BoundedLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The time of the last failed license sync of an SD-WAN Manager, from the ERROR lines of its log.
 *
 * @param at time of the first ERROR line; null if there is none, or its time is not readable
 * @param sinceRequest time between the sync's last other line and that line, at most a minute; null if there is none
 * @param errors number of ERROR lines of the failure
 * @param newest the newest time in the log, or null if no line has a readable time
 * @param doubts uncertainties of its timestamps
 */
public record FailureTime(
        @Nullable Instant at,
        @Nullable Duration sinceRequest,
        int errors,
        @Nullable Instant newest,
        List<String> doubts) {
    private static final int MAX_LINES = 20_000;
    private static final int LONGEST_LINE = 4_000;
    private static final long MAX_BYTES = 512L << 20;
    private static final int SAMPLE = 200;
    private static final Duration MAX_BURST = Duration.ofSeconds(5);
    private static final Duration MAX_REQUEST_TIME = Duration.ofMinutes(1);

    /**
     * Reads the newest 20,000 lines of the file; from other logs, only the time of the newest line.
     *
     * @throws IOException with a readable message when the file cannot be read
     */
    public static FailureTime in(Site.LogFile log) throws IOException {
        List<String> lines = lines(log);
        List<String> sample = lines.subList(Math.max(0, lines.size() - SAMPLE), lines.size());
        List<String> first = lines.subList(0, Math.min(SAMPLE, lines.size() - sample.size()));
        Instant modified = Rotations.isCompressed(log.path())
                ? GzipFile.modified(log.path())
                : Files.getLastModifiedTime(log.path()).toInstant();
        Stamps stamps = StampHints.of(first, sample, modified).stamps(log.zone(), null);
        List<DatedLine> dated = new ArrayList<>();
        Instant newest = null;
        int errors = 0;
        for (String line : lines) {
            Optional<LineHeader> header = stamps.header(line);
            Optional<Instant> at = header.flatMap(stamps::of).map(Stamp::at);
            newest = at.orElse(newest);
            boolean licensing = header.isPresent() && isLicensing(header.get().program());
            errors += licensing && isError(header.get()) ? 1 : 0;
            if (licensing && at.isPresent()) {
                dated.add(new DatedLine(at.get(), isError(header.get())));
            }
        }
        return of(dated, errors, newest, List.copyOf(stamps.doubts()));
    }

    private static FailureTime of(List<DatedLine> dated, int errors, @Nullable Instant newest, List<String> doubts) {
        Instant last = dated.stream()
                .filter(DatedLine::error)
                .map(DatedLine::at)
                .reduce((a, b) -> b)
                .orElse(null);
        if (last == null) {
            return new FailureTime(null, null, errors, newest, doubts);
        }
        List<Instant> burst = dated.stream()
                .filter(each -> each.error && !each.at.isBefore(last.minus(MAX_BURST)))
                .map(DatedLine::at)
                .toList();
        Instant first = burst.get(0);
        Duration sinceRequest = dated.stream()
                .filter(each -> !each.error && each.at.isBefore(first))
                .map(each -> Duration.between(each.at, first))
                .reduce((a, b) -> b)
                .filter(each -> each.compareTo(MAX_REQUEST_TIME) <= 0)
                .orElse(null);
        return new FailureTime(first, sinceRequest, burst.size(), newest, doubts);
    }

    /** The Manager's classes that communicate with SSM, by their names in its log. */
    private static boolean isLicensing(@Nullable String program) {
        return program != null && (program.contains("SmartLicens") || program.equals("RestAPIClient"));
    }

    private static boolean isError(LineHeader header) {
        return "error".equals(header.level());
    }

    private static List<String> lines(Site.LogFile log) throws IOException {
        if (!Files.isRegularFile(log.path())) {
            throw new IOException(Files.exists(log.path()) ? "it is not a regular file" : "the file does not exist");
        }
        Deque<String> lines = new ArrayDeque<>();
        try (InputStream file = Files.newInputStream(log.path());
                InputStream plain = Rotations.isCompressed(log.path()) ? new GZIPInputStream(file) : file;
                InputStream in = BoundedInputStream.builder()
                        .setInputStream(plain)
                        .setMaxCount(MAX_BYTES)
                        .get();
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = BoundedLines.next(reader, LONGEST_LINE);
                    line != null;
                    line = BoundedLines.next(reader, LONGEST_LINE)) {
                lines.add(SafeText.of(line));
                if (lines.size() > MAX_LINES) {
                    lines.remove();
                }
            }
        }
        return new ArrayList<>(lines);
    }

    private record DatedLine(Instant at, boolean error) {}
}
