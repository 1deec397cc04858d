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
 * Reads the lines of a log around a failure, its covered time, and the findings. For an unreadable log, the excerpt contains the reason.
 * Thread-safe.
 */
public final class LogReader {
    private static final int LONGEST_NAME = 80;

    /** The maximum number of notices about lines that were not stored; they are alike. */
    private static final int MAX_NOTICES = 3;

    private final LogBounds bounds;
    private final List<LogPattern> patterns;

    /** Reads at most 1 MiB before the end of the window, and shows at most 40 lines. */
    public LogReader() {
        this(List.of());
    }

    /**
     * Also searches the lines for patterns.
     *
     * @param patterns the operator's patterns
     */
    public LogReader(List<LogPattern> patterns) {
        this(LogBounds.STANDARD, patterns);
    }

    LogReader(LogBounds bounds, List<LogPattern> patterns) {
        this.bounds = bounds;
        this.patterns = List.copyOf(patterns);
    }

    /** Reads the lines that concern the failure. Never throws, whatever the log is or contains. */
    public LogReading read(Site.LogFile log, Failure failure, Deadline deadline) {
        return deadline.passed()
                ? unread(log, "the log was not read in time")
                : read(log, failure, deadline, window -> new WindowReader(log, window, bounds, deadline).read());
    }

    /**
     * Reads the lines that concern the failure from the text that a route fetched.
     *
     * @param log named after the route; its path is the route's endpoint
     * @param text oldest line first, of limited size
     * @param cut whether the source has more than this text
     * @param fetched when the text was fetched; no line is later
     * @param deadline the time after which no line is searched for patterns
     */
    public LogReading read(
            Site.LogFile log, Failure failure, byte[] text, boolean cut, Instant fetched, Deadline deadline) {
        Set<String> notes = cut ? Set.of("only the first " + text.length + " bytes were read") : Set.of();
        LogSegment segment = FetchedText.of(log.path(), text, cut, fetched);
        return read(log, failure, deadline, window -> WindowLines.of(log.name(), List.of(segment), notes));
    }

    /** The result for a log that could not be read. */
    public static LogReading unread(Site.LogFile log, String why) {
        LogExcerpt nothing = new LogExcerpt(log.name(), log.path().toString(), List.of(), null, null, false, why);
        String phrase = "log " + log.name() + " at " + log.path() + ": " + why;
        return new LogReading(nothing, List.of(new Finding(Findings.LOG_NOT_COVERING, phrase)));
    }

    /** The source of the lines around a window. */
    private interface Lines {
        WindowLines around(Window window) throws IOException;
    }

    private LogReading read(Site.LogFile log, Failure failure, Deadline deadline, Lines lines) {
        // A failure at the Manager says nothing about SSM's clock.
        boolean usesSsmClock = log.ssmClock() && failure.flow() != Flow.MANAGER;
        Optional<Duration> measured = usesSsmClock ? ServerClock.of(failure) : Optional.empty();
        Duration ahead = measured.orElse(Duration.ZERO);
        Window window = Window.around(failure);
        try {
            WindowLines read = lines.around(window.ahead(ahead));
            return read.lines().isEmpty()
                    ? unread(log, "the log is empty")
                    : reading(log, failure, window, read.behind(ahead), measured.orElse(null), deadline);
        } catch (IOException unreadable) {
            String why = WindowReader.why(unreadable);
            return unread(log, why.startsWith("the") ? why : "the log cannot be read: " + why);
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
        Set<LogLine> cited = new LinkedHashSet<>(refusals.lines());
        cited.addAll(matches.lines());
        LineSelection selection = LineSelection.of(read.lines(), window, cited, bounds.lines());
        CoverageCheck covered = CoverageCheck.of(read, window);
        List<String> notes = new ArrayList<>(read.notes());
        read.lines().stream()
                .filter(line -> line.within(window.earliest(), window.to()))
                .flatMap(line -> ReceivedFormat.notice(line.text()).stream())
                .limit(MAX_NOTICES)
                .forEach(notes::add);
        List<Finding> findings = new ArrayList<>();
        covered.gap().ifPresent(gap -> {
            notes.add(gap);
            findings.add(new Finding(Findings.LOG_NOT_COVERING, "log " + log.name() + ": " + gap));
        });
        if (!covered.hasStamps()) {
            notes.add("no line has a readable time");
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
                read.segments().stream()
                        .filter(segment -> !segment.isEmpty())
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
                shown.stream().map(line -> facts(line, correlation, cited)).toList(),
                coverage);
        return new LogReading(excerpt, findings);
    }

    private static Stream<Instant> instants(List<LogLine> lines) {
        return lines.stream().map(LogLine::at).flatMap(Stream::ofNullable);
    }

    private static LineFacts facts(LogLine line, Correlation correlation, Set<LogLine> cited) {
        Stamp stamp = line.stamp();
        return new LineFacts(
                line.at(),
                stamp == null ? Duration.ZERO : stamp.uncertainty(),
                stamp == null ? null : stamp.zone().wireName(),
                stamp == null ? null : stamp.year().wireName(),
                name(line.program()),
                name(line.level()),
                correlation.owner(line),
                cited.contains(line));
    }

    /** A longer text is not a name. A truncated one might contain half a secret, which redaction would not recognize. */
    private static @Nullable String name(@Nullable String name) {
        return name == null || name.length() > LONGEST_NAME ? null : name;
    }
}
