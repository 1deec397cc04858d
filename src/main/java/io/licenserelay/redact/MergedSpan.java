package io.licenserelay.redact;

import io.licenserelay.redact.match.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Overlapping spans merged into one.
 *
 * @param rule the rule that covers the largest part
 * @param mark the mark of a known value in it; otherwise the mark that the text already contains; otherwise null
 */
record MergedSpan(int start, int end, String rule, @Nullable String mark) {
    private static final Comparator<Span> IN_ORDER = Comparator.comparingInt(Span::start)
            .thenComparing(Comparator.comparingInt(Span::end).reversed());

    /**
     * Merges spans, sorted and without overlap.
     *
     * @param marks marks that the text already contains, in order. A span inside a mark or across its edge is a coincidence and is dropped;
     *     otherwise a text would change each time it is redacted
     */
    static List<MergedSpan> of(List<Span> spans, List<Span> marks) {
        List<Span> all = new ArrayList<>(spans);
        all.removeIf(span -> overlapsMark(span, marks));
        all.sort(IN_ORDER);
        List<MergedSpan> clusters = new ArrayList<>();
        for (int i = 0; i < all.size(); ) {
            int end = all.get(i).end();
            int next = i + 1;
            while (next < all.size() && all.get(next).start() < end) {
                end = Math.max(end, all.get(next++).end());
            }
            clusters.add(of(all.subList(i, next), end, marks));
            i = next;
        }
        return clusters;
    }

    private static MergedSpan of(List<Span> spans, int end, List<Span> marks) {
        Span main = spans.get(0);
        for (Span span : spans) {
            boolean better = (span.mark() == null) == (main.mark() == null)
                    ? span.end() - span.start() > main.end() - main.start()
                    : span.mark() != null;
            main = better ? span : main;
        }
        int start = spans.get(0).start();
        int within = firstFrom(start, marks);
        boolean marked = within < marks.size() && marks.get(within).end() <= end;
        String mark =
                main.mark() != null || !marked ? main.mark() : marks.get(within).mark();
        return new MergedSpan(start, end, main.rule(), mark);
    }

    private static boolean overlapsMark(Span span, List<Span> marks) {
        for (int i = firstFrom(span.start(), marks); i < marks.size(); i++) {
            Span mark = marks.get(i);
            if (mark.start() >= span.end()) {
                return false;
            }
            boolean around = mark.start() >= span.start() && mark.end() <= span.end();
            boolean same = mark.start() == span.start() && mark.end() == span.end();
            if (!around || same) {
                return true;
            }
        }
        return false;
    }

    /** The first mark that ends after this position. */
    private static int firstFrom(int position, List<Span> marks) {
        Span wanted = new Span(position, position + 1, "", null);
        int found = Collections.binarySearch(marks, wanted, Comparator.comparingInt(Span::end));
        return found >= 0 ? found : -found - 1;
    }
}
