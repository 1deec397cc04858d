package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines that begin with an epoch time in seconds or milliseconds, as Squid writes them: {@code 1286536309.586 921 192.0.2.7 TCP_MISS/200}.
 * A number alone is ambiguous, so the lines of the file must prove the format: see {@link #provenBy}.
 *
 * @param digits length of the number, 10 for seconds or 13 for milliseconds
 */
record EpochFormat(int digits) implements LogFormat {
    private static final int SECONDS = 10;
    private static final int MILLIS = 13;
    private static final int MIN_LINES = 3;

    private static final Pattern HEAD =
            Pattern.compile("^\\[?(?<epoch>\\d{10}(?:\\d{3})?)(?:\\.(?<fraction>\\d{1,9}))?]?(?=[\\s,;|:]|$)[,;|:]? ?");
    private static final Instant EARLIEST = Instant.parse("2001-09-09T01:46:40Z");

    /** The writer's clock may differ from this machine's. */
    private static final Duration MAX_CLOCK_OFFSET = Duration.ofDays(1);

    private static final Duration MAX_DISORDER = Duration.ofMinutes(10);

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        return match.lookingAt() && match.group("epoch").length() == digits
                ? Optional.of(ProgramFormats.within(
                        RawStamp.of(
                                instant(match),
                                digits == MILLIS || match.group("fraction") != null
                                        ? Duration.ofMillis(1)
                                        : Duration.ofSeconds(1)),
                        null,
                        line.substring(match.end())))
                : Optional.empty();
    }

    /**
     * The format of the lines if at least three of them begin with a number, every number is a time before the last write to the file, the
     * numbers hardly decrease, and they are not a simple counter.
     *
     * @param lines lines of one file in order, without lines of other formats
     */
    static Optional<LogFormat> provenBy(List<String> lines, Instant modified) {
        return isProven(SECONDS, lines, modified)
                ? Optional.of(new EpochFormat(SECONDS))
                : isProven(MILLIS, lines, modified) ? Optional.of(new EpochFormat(MILLIS)) : Optional.empty();
    }

    private static boolean isProven(int digits, List<String> lines, Instant modified) {
        List<Instant> instants = lines.stream()
                .map(HEAD::matcher)
                .filter(match -> match.lookingAt() && match.group("epoch").length() == digits)
                .map(EpochFormat::instant)
                .toList();
        Duration one = digits == SECONDS ? Duration.ofSeconds(1) : Duration.ofMillis(1);
        boolean isCounter = true;
        for (int i = 1; i < instants.size(); i++) {
            Duration step = Duration.between(instants.get(i - 1), instants.get(i));
            isCounter &= step.equals(one);
            if (step.plus(MAX_DISORDER).isNegative()) {
                return false;
            }
        }
        return instants.size() >= MIN_LINES
                && !isCounter
                && instants.stream()
                        .noneMatch(at -> at.isBefore(EARLIEST) || at.isAfter(modified.plus(MAX_CLOCK_OFFSET)));
    }

    private static Instant instant(Matcher match) {
        String epoch = match.group("epoch");
        if (epoch.length() == MILLIS) {
            return Instant.ofEpochMilli(Long.parseLong(epoch));
        }
        String fraction = match.group("fraction");
        long nanos = fraction == null ? 0 : Long.parseLong(fraction + "0".repeat(9 - fraction.length()));
        return Instant.ofEpochSecond(Long.parseLong(epoch), nanos);
    }
}
