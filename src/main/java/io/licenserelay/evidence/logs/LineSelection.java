package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.logs.file.Window;
import io.licenserelay.evidence.logs.line.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The lines to show: those of findings first, then the lines of the window nearest to the failure. If the window has no line, the newest
 * lines before it; otherwise the oldest after it.
 *
 * @param lines oldest first, in the order of the log
 * @param complete whether all lines of the window are included
 */
record LineSelection(List<LogLine> lines, boolean complete) {

    static LineSelection of(List<LogLine> all, Window window, Set<LogLine> cited, int limit) {
        List<Integer> inside = indexes(all, window.from(), window.to());
        if (inside.isEmpty()) {
            return outside(all, window, cited, limit);
        }
        Set<Integer> chosen = new TreeSet<>(cited(all, cited, limit));
        inside.stream()
                .sorted(Comparator.comparing(index -> distance(all.get(index), window)))
                .filter(index -> !chosen.contains(index))
                .limit(limit - chosen.size())
                .toList()
                .forEach(chosen::add);
        return new LineSelection(chosen.stream().map(all::get).toList(), chosen.containsAll(inside));
    }

    private static LineSelection outside(List<LogLine> all, Window window, Set<LogLine> cited, int limit) {
        List<Integer> before = IntStream.range(0, all.size())
                .filter(index -> {
                    Instant at = all.get(index).at();
                    return at == null || !at.isAfter(window.to());
                })
                .boxed()
                .toList();
        if (before.isEmpty()) {
            return new LineSelection(all.subList(0, Math.min(limit, all.size())), all.size() <= limit);
        }
        Set<Integer> chosen = new TreeSet<>(cited(all, cited, limit));
        for (int i = before.size() - 1; i >= 0 && chosen.size() < limit; i--) {
            chosen.add(before.get(i));
        }
        return new LineSelection(chosen.stream().map(all::get).toList(), chosen.size() == before.size());
    }

    private static List<Integer> indexes(List<LogLine> all, Instant from, Instant to) {
        return IntStream.range(0, all.size())
                .filter(index -> all.get(index).within(from, to))
                .boxed()
                .toList();
    }

    /**
     * The indexes of these lines, by position and not by equality, because a log may contain equal lines. The newest if there are too many.
     */
    private static List<Integer> cited(List<LogLine> all, Set<LogLine> cited, int limit) {
        List<Integer> found = new ArrayList<>(IntStream.range(0, all.size())
                .filter(index -> cited.contains(all.get(index)))
                .boxed()
                .toList());
        return found.subList(Math.max(0, found.size() - limit / 2), found.size());
    }

    private static Duration distance(LogLine line, Window window) {
        Instant at = line.at();
        return at == null
                ? Duration.ofDays(1)
                : Duration.between(window.failed(), at).abs();
    }
}
