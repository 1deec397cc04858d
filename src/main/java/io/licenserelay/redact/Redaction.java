package io.licenserelay.redact;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.text.HexText;
import io.licenserelay.redact.text.SpacedText;
import io.licenserelay.redact.text.UnescapedView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The redaction of one text: all rules search the text and its unescaped views, and matches are replaced until none is found. */
final class Redaction {
    private static final int MAX_LAYERS = 3;
    /** Replacing a value can join the halves of another one. A second round is rare, and more rounds occur only in hostile text. */
    private static final int MAX_ROUNDS = 12;

    private final List<RedactionRule> rules;
    private final SecretMarks marks;
    private final Map<String, Integer> counts = new TreeMap<>();

    Redaction(List<RedactionRule> rules, SecretMarks marks) {
        this.rules = rules;
        this.marks = marks;
    }

    Map<String, Integer> counts() {
        return counts;
    }

    /** @param from start of the text to redact; the text before it is only context */
    String of(String text, int from) {
        String now = text;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            String next = once(now, from);
            if (next.equals(now)) {
                break;
            }
            now = next;
        }
        return now.substring(from);
    }

    private String once(String text, int from) {
        List<Span> spans = new ArrayList<>();
        UnescapedView view = UnescapedView.of(text);
        for (int layer = 0; view != null && layer <= MAX_LAYERS; layer++) {
            UnescapedView current = view;
            UnescapedView plain = current.plain();
            for (RedactionRule rule : rules) {
                if (plain != current && rule.searchesColours()) {
                    rule.find(current.text(), span -> keep(spans, current, span, from));
                }
                rule.find(plain.text(), span -> keep(spans, plain, span, from));
            }
            findSpaced(SpacedText.in(plain), spans, from);
            findSpaced(HexText.in(plain), spans, from);
            view = plain.peel();
        }
        return spans.isEmpty() ? text : replace(text, spans);
    }

    private void findSpaced(@Nullable UnescapedView joined, List<Span> spans, int from) {
        if (joined != null) {
            rules.stream()
                    .filter(RedactionRule::searchesSpacedValues)
                    .forEach(rule -> rule.find(joined.text(), span -> keep(spans, joined, span, from)));
        }
    }

    private static void keep(List<Span> spans, UnescapedView view, Span span, int from) {
        int start = Math.max(from, view.origin(span.start()));
        int end = view.origin(span.end());
        if (end > start) {
            spans.add(new Span(start, end, span.rule(), span.mark()));
        }
    }

    private String replace(String text, List<Span> spans) {
        StringBuilder replaced = new StringBuilder(text.length());
        int done = 0;
        for (MergedSpan cluster : MergedSpan.of(spans, SecretMarks.in(text))) {
            replaced.append(text, done, cluster.start()).append(mark(text, cluster));
            counts.merge(cluster.rule(), 1, Integer::sum);
            done = cluster.end();
        }
        return replaced.append(text, done, text.length()).toString();
    }

    private String mark(String text, MergedSpan cluster) {
        if (cluster.mark() != null) {
            return cluster.mark();
        }
        UnescapedView view = UnescapedView.of(text.substring(cluster.start(), cluster.end()));
        for (UnescapedView next = view.peel(); next != null; next = next.peel()) {
            view = next;
        }
        return marks.of(view.text());
    }
}
