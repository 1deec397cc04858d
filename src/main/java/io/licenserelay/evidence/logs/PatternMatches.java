package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.logs.file.Window;
import io.licenserelay.evidence.logs.line.LogLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The lines of one log that an operator's patterns match: of each pattern the newest line of the window. */
final class PatternMatches {
    private final String source;
    private final Map<LogPattern, LogLine> newest = new LinkedHashMap<>();
    private boolean complete = true;

    /**
     * Looks for each pattern in the order given, until there is no time left.
     *
     * @param lines oldest first
     */
    PatternMatches(List<LogPattern> patterns, String source, Window window, List<LogLine> lines, Deadline deadline) {
        this.source = source;
        List<LogPattern> wanted =
                patterns.stream().filter(each -> each.concerns(source)).toList();
        if (wanted.isEmpty()) {
            return;
        }
        List<LogLine> newestFirst = new ArrayList<>(lines.stream()
                .filter(line -> line.within(window.from(), window.to()))
                .toList());
        Collections.reverse(newestFirst);
        for (LogPattern pattern : wanted) {
            newest(pattern, newestFirst, deadline).ifPresent(line -> newest.put(pattern, line));
        }
    }

    private Optional<LogLine> newest(LogPattern pattern, List<LogLine> newestFirst, Deadline deadline) {
        for (LogLine line : newestFirst) {
            if (deadline.passed()) {
                complete = false;
                return Optional.empty();
            }
            if (pattern.pattern().matcher(line.text()).find()) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** Those that findings rest on. */
    Set<LogLine> lines() {
        return Set.copyOf(newest.values());
    }

    List<Finding> findings() {
        return newest.entrySet().stream()
                .map(each -> new Finding(
                        each.getKey().finding(),
                        "log " + source + ": at " + each.getValue().at() + " "
                                + each.getKey().phrase()))
                .toList();
    }

    /** Whether every pattern was looked for in every line. */
    boolean isComplete() {
        return complete;
    }
}
