package io.licenserelay.evidence.logs;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.excerpt.LineFacts;
import io.licenserelay.evidence.excerpt.LogCoverage;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.logs.file.FetchedText;
import io.licenserelay.evidence.logs.file.LogSegment;
import io.licenserelay.evidence.logs.file.Window;
import io.licenserelay.evidence.logs.format.ReceivedFormat;
import io.licenserelay.evidence.logs.line.LogLine;
import io.licenserelay.evidence.logs.line.Stamp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a log says around a failure, tells which time that covers and what may be read off it. A log that cannot be read is an
 * excerpt that says so. Thread-safe.
 */
public final class LogReader {
    private static final int LONGEST_NAME = 80;

    /** Of those about lines that were not kept; they repeat each other. */
    private static final int MOST_NOTICES = 3;

    private final LogBounds bounds;
    private final List<LogPattern> patterns;

    /** Shows 40 lines at most, of the last MiB before the end of the window. */
    public LogReader() {
        this(List.of());
    }

    /**
     * The same, and looks for patterns.
     *
     * @param patterns of the operator
     */
    public LogReader(List<LogPattern> patterns) {
        this(LogBounds.STANDARD, patterns);
    }

    LogReader(LogBounds bounds, List<LogPattern> patterns) {
        this.bounds = bounds;
        this.patterns = List.copyOf(patterns);
    }

    /** Looks for what has to do with the failure. Never throws for what the log is or holds. */
    public LogReading read(Site.LogFile log, Failure failure, Deadline deadline) {
        return deadline.passed()
                ? unread(log, "it was not read in time")
                : read(log, failure, deadline, window -> new WindowReader(log, window, bounds, deadline).read());
    }

    /**
     * Looks in lines that a route fetched for what has to do with the failure.
     *
     * @param log named after the route, with the endpoint of the route as its path
     * @param text oldest line first, a bounded number of bytes
     * @param cut there is more than this text
     * @param fetched no line is later
     * @param deadline after which no pattern is looked for
     */
    public LogReading read(
            Site.LogFile log, Failure failure, byte[] text, boolean cut, Instant fetched, Deadline deadline) {
        Set<String> notes = cut ? Set.of("only its first " + text.length + " bytes were read") : Set.of();
        LogSegment piece = FetchedText.of(log.path(), text, cut, fetched);
        return read(log, failure, deadline, window -> WindowLines.of(log.name(), List.of(piece), notes));
    }

    /** A log of which nothing could be read. */
    public static LogReading unread(Site.LogFile log, String why) {
        LogExcerpt nothing = new LogExcerpt(log.name(), log.path().toString(), List.of(), null, null, false, why);
        String phrase = "log " + log.name() + " at " + log.path() + ": " + why;
        return new LogReading(nothing, List.of(new Finding(Findings.LOG_NOT_COVERING, phrase)));
    }

    /** How the lines around a window are had. */
    private interface Lines {
        WindowLines around(Window window) throws IOException;
    }

    private LogReading read(Site.LogFile log, Failure failure, Deadline deadline, Lines lines) {
        // What failed at the Manager tells nothing of SSM's clock.
        boolean tells = log.ssmClock() && failure.flow() != Flow.MANAGER;
        Optional<Duration> measured = tells ? ServerClock.of(failure) : Optional.empty();
        Duration ahead = measured.orElse(Duration.ZERO);
        Window window = Window.around(failure);
        try {
            WindowLines read = lines.around(window.ahead(ahead));
            return read.lines().isEmpty()
                    ? unread(log, "it is empty")
                    : reading(log, failure, window, read.behind(ahead), measured.orElse(null), deadline);
        } catch (IOException unreadable) {
            String why = WindowReader.why(unreadable);
            return unread(log, why.startsWith("the") ? why : "it cannot be read: " + why);
        }
    }

    private LogReading reading(
            Site.LogFile log,
            Failure failure,
            Window window,
            WindowLines read,
            @Nullable Duration ahead,
            Deadline deadline) {
        Correlation correlation = Correlation.of(failure, window, log.clients(), read.lines());
        ConnectionRefusals refusals = new ConnectionRefusals(log.name(), window, correlation, read.lines());
        PatternMatches matches = new PatternMatches(patterns, log.name(), window, read.lines(), deadline);
        Set<LogLine> telling = new LinkedHashSet<>(refusals.lines());
        telling.addAll(matches.lines());
        LineSelection selection = LineSelection.of(read.lines(), window, telling, bounds.lines());
        CoverageCheck covered = CoverageCheck.of(read, window);
        List<String> notes = new ArrayList<>(read.notes());
        read.lines().stream()
                .filter(line -> line.within(window.earliest(), window.to()))
                .flatMap(line -> ReceivedFormat.notice(line.text()).stream())
                .limit(MOST_NOTICES)
                .forEach(notes::add);
        List<Finding> findings = new ArrayList<>();
        covered.gap().ifPresent(gap -> {
            notes.add(gap);
            findings.add(new Finding(Findings.LOG_NOT_COVERING, "log " + log.name() + ": " + gap));
        });
        if (!covered.hasStamps()) {
            notes.add("no line carries a time that can be read");
        }
        matches.note().ifPresent(notes::add);
        findings.addAll(refusals.findings());
        findings.addAll(matches.findings());
        LogCoverage coverage = new LogCoverage(
                window.from(),
                window.to(),
                covered.from(),
                covered.to(),
                covered.why(),
                ahead,
                read.pieces().stream()
                        .filter(piece -> !piece.isEmpty())
                        .map(LogSegment::slice)
                        .toList());
        List<LogLine> shown = selection.lines();
        LogExcerpt excerpt = new LogExcerpt(
                log.name(),
                log.path().toString(),
                shown.stream().map(LogLine::text).toList(),
                instants(shown).min(Comparator.naturalOrder()).orElse(null),
                instants(shown).max(Comparator.naturalOrder()).orElse(null),
                !selection.complete() || read.isBounded() || shown.stream().anyMatch(LogLine::cut),
                notes.isEmpty() ? null : String.join("; ", notes),
                shown.stream().map(line -> facts(line, correlation, telling)).toList(),
                coverage);
        return new LogReading(excerpt, findings);
    }

    private static Stream<Instant> instants(List<LogLine> lines) {
        return lines.stream().map(LogLine::at).flatMap(Stream::ofNullable);
    }

    private static LineFacts facts(LogLine line, Correlation correlation, Set<LogLine> telling) {
        Stamp stamp = line.stamp();
        return new LineFacts(
                line.at(),
                stamp == null ? Duration.ZERO : stamp.uncertainty(),
                stamp == null ? null : stamp.zone().wireName(),
                stamp == null ? null : stamp.year().wireName(),
                name(line.program()),
                name(line.level()),
                correlation.owner(line),
                telling.contains(line));
    }

    /** A longer one is no name, and half of something that is to be redacted would not be known for it. */
    private static @Nullable String name(@Nullable String name) {
        return name == null || name.length() > LONGEST_NAME ? null : name;
    }
}
