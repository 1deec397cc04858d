package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.logs.file.Window;
import io.licenserelay.evidence.logs.line.LogLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lines of one log that match an operator's patterns: for each pattern, the newest matching line of the window. */
final class PatternMatches {
    private final String source;
    private final List<LogPattern> patterns;
    private final Map<LogPattern, LogLine> newest = new HashMap<>();
    private final @Nullable LogLine unsearched;

    /**
     * Searches from the newest line backwards until the deadline, because the newest lines are the most relevant.
     *
     * @param lines oldest first
     */
    PatternMatches(List<LogPattern> patterns, String source, Window window, List<LogLine> lines, Deadline deadline) {
        this.source = source;
        this.patterns = patterns.stream().filter(each -> each.appliesTo(source)).toList();
        List<LogLine> newestFirst = new ArrayList<>(lines.stream()
                .filter(line -> line.within(window.from(), window.to()))
                .toList());
        Collections.reverse(newestFirst);
        this.unsearched = search(newestFirst, deadline);
    }

    /** Returns the first line that was not searched for every pattern; null if all lines were searched. */
    private @Nullable LogLine search(List<LogLine> newestFirst, Deadline deadline) {
        List<LogPattern> remaining = new ArrayList<>(patterns);
        for (LogLine line : newestFirst) {
            for (LogPattern pattern : List.copyOf(remaining)) {
                if (deadline.passed()) {
                    return line;
                }
                if (pattern.pattern().matcher(line.text()).find()) {
                    newest.put(pattern, line);
                    remaining.remove(pattern);
                }
            }
        }
        return null;
    }

    /** The lines that findings cite. */
    Set<LogLine> lines() {
        return Set.copyOf(newest.values());
    }

    /** The findings, in the order of the patterns. */
    List<Finding> findings() {
        return patterns.stream().filter(newest::containsKey).map(this::finding).toList();
    }

    private Finding finding(LogPattern pattern) {
        LogLine line = Objects.requireNonNull(newest.get(pattern));
        return new Finding(pattern.finding(), "log " + source + ": at " + line.at() + " " + pattern.phrase());
    }

    /** A note about the lines that were not searched; empty if all were searched. */
    Optional<String> note() {
        return Optional.ofNullable(unsearched)
                .map(line -> "lines of " + line.at()
                        + " and earlier were not searched for the patterns of diagnoses.d: the time limit was reached");
    }
}
