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

/** The lines of one log that an operator's patterns match: of each pattern the newest line of the window. */
final class PatternMatches {
    private final String source;
    private final List<LogPattern> patterns;
    private final Map<LogPattern, LogLine> newest = new HashMap<>();
    private final @Nullable LogLine unsearched;

    /**
     * Searches from the newest line backwards, until there is no time left: then every pattern was looked for in the lines that matter most.
     *
     * @param lines oldest first
     */
    PatternMatches(List<LogPattern> patterns, String source, Window window, List<LogLine> lines, Deadline deadline) {
        this.source = source;
        this.patterns = patterns.stream().filter(each -> each.concerns(source)).toList();
        List<LogLine> newestFirst = new ArrayList<>(lines.stream()
                .filter(line -> line.within(window.from(), window.to()))
                .toList());
        Collections.reverse(newestFirst);
        this.unsearched = search(newestFirst, deadline);
    }

    /** The first line that was not searched for every pattern; null when all were. */
    private @Nullable LogLine search(List<LogLine> newestFirst, Deadline deadline) {
        List<LogPattern> open = new ArrayList<>(patterns);
        for (LogLine line : newestFirst) {
            for (LogPattern pattern : List.copyOf(open)) {
                if (deadline.passed()) {
                    return line;
                }
                if (pattern.pattern().matcher(line.text()).find()) {
                    newest.put(pattern, line);
                    open.remove(pattern);
                }
            }
        }
        return null;
    }

    /** Those that findings rest on. */
    Set<LogLine> lines() {
        return Set.copyOf(newest.values());
    }

    /** In the order of the patterns. */
    List<Finding> findings() {
        return patterns.stream().filter(newest::containsKey).map(this::finding).toList();
    }

    private Finding finding(LogPattern pattern) {
        LogLine line = Objects.requireNonNull(newest.get(pattern));
        return new Finding(pattern.finding(), "log " + source + ": at " + line.at() + " " + pattern.phrase());
    }

    /** Which lines were not searched, if any. */
    Optional<String> note() {
        return Optional.ofNullable(unsearched)
                .map(line -> "the patterns of diagnoses.d were not looked for in lines of " + line.at()
                        + " and before: no time was left");
    }
}
