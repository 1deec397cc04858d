package io.licenserelay.evidence.excerpt;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The lines of several logs in order of time, on the relay's clock. Lines without a time are omitted. */
public final class LogTimeline {
    private LogTimeline() {}

    /** The lines, oldest first. Lines with the same time keep the order of the excerpts and of their lines. */
    public static List<Entry> of(List<LogExcerpt> excerpts) {
        List<Entry> entries = new ArrayList<>();
        for (LogExcerpt excerpt : excerpts) {
            for (int line = 0; line < excerpt.facts().size(); line++) {
                LineFacts facts = excerpt.facts().get(line);
                if (facts.at() != null) {
                    entries.add(new Entry(excerpt.source(), line, facts));
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::at));
        return entries;
    }

    /**
     * @param source the log's name
     * @param line the line's index in the excerpt
     * @param facts the facts; they include a time
     */
    public record Entry(String source, int line, LineFacts facts) {
        public Instant at() {
            return Objects.requireNonNull(facts.at());
        }
    }
}
