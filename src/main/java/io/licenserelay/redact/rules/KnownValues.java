package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.KeyName;
import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.text.EscapeDecoder;
import io.licenserelay.redact.text.SecretEncodings;
import io.licenserelay.redact.text.TruncationDetector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds known secret values in all encodings and under all escapes, and their beginnings where a log truncated them. Immutable. One index
 * serves hundreds of values, so the time does not grow with their number.
 */
public final class KnownValues implements RedactionRule {
    static final String WHOLE = "known-value";
    static final String CUT = "known-value-cut";
    /** The number of characters in the index; the remaining candidates are compared one by one. */
    private static final int INDEXED = SecretEncodings.SHORTEST;

    private static final int SHORTEST_CUT = 8;
    private static final int DEPTH = 4;

    /**
     * The encodings of a value, from {@link SecretEncodings}.
     *
     * @param forms encodings that are compared exactly
     * @param inAnyCase encodings that are compared without case
     */
    public record Known(String mark, Collection<String> forms, Collection<String> inAnyCase) {}

    /** @param folded whether the text is case-folded and compared without case */
    private record Form(String text, String mark, boolean folded) {
        boolean matches(int wanted, int symbol) {
            return wanted == (folded ? fold(symbol) : symbol);
        }
    }

    private static final class Node {
        final Map<Integer, Node> next = new HashMap<>();
        final List<Form> forms = new ArrayList<>(1);
    }

    private final Node root = new Node();

    public KnownValues(Collection<Known> values) {
        for (Known known : values) {
            for (String text : known.forms()) {
                node(text).forms.add(new Form(text, known.mark(), false));
            }
            for (String text : known.inAnyCase()) {
                node(text).forms.add(new Form(fold(text), known.mark(), true));
            }
        }
    }

    private static String fold(String text) {
        return text.codePoints()
                .map(KnownValues::fold)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The same result for upper and lower case. */
    private static int fold(int symbol) {
        return Character.toLowerCase(Character.toUpperCase(symbol));
    }

    /** Forms that differ only in case share one node. */
    private Node node(String text) {
        Node node = root;
        int at = 0;
        for (int i = 0; i < INDEXED; i++) {
            int symbol = text.codePointAt(at);
            node = node.next.computeIfAbsent(fold(symbol), s -> new Node());
            at += Character.charCount(symbol);
        }
        return node;
    }

    @Override
    public boolean searchesSpacedValues() {
        return true;
    }

    /** A value may contain text that looks like a colour sequence. */
    @Override
    public boolean searchesColours() {
        return true;
    }

    @Override
    public void find(String text, Consumer<Span> found) {
        if (root.next.isEmpty()) {
            return;
        }
        Search search = new Search(text, found);
        for (int at = 0; at < text.length(); at++) {
            search.from(at);
        }
    }

    private final class Search {
        private final String text;
        private final Consumer<Span> found;
        private final EscapeDecoder[] readings = new EscapeDecoder[INDEXED];
        private final Places places = new Places();
        private final Places before = new Places();
        private final Places following = new Places();
        private final EscapeDecoder reading = new EscapeDecoder(DEPTH);
        private int start;

        Search(String text, Consumer<Span> found) {
            this.text = text;
            this.found = found;
            for (int i = 0; i < INDEXED; i++) {
                readings[i] = new EscapeDecoder(DEPTH);
            }
        }

        void from(int at) {
            start = at;
            descend(root, 0, at);
        }

        private void descend(Node node, int depth, int at) {
            if (depth == INDEXED) {
                node.forms.forEach(form -> {
                    if (form.folded()) {
                        compare(form, at, INDEXED);
                    } else {
                        // The index ignores case.
                        compare(form, start, 0);
                    }
                });
                return;
            }
            if (at >= text.length()) {
                return;
            }
            EscapeDecoder here = readings[depth];
            here.read(text, at);
            for (int i = 0; i < here.count(); i++) {
                Node next = node.next.get(fold(here.symbol(i)));
                if (next != null) {
                    descend(next, depth + 1, here.end(i));
                }
            }
        }

        /**
         * Follows all readings in parallel, so that an ambiguous text costs only time proportional to its length.
         *
         * @param read number of symbols of the form that were read before {@code at}
         */
        private void compare(Form form, int at, int read) {
            places.clear();
            places.add(at);
            before.clear();
            int symbols = read;
            int next = form.text().offsetByCodePoints(0, read);
            while (next < form.text().length()) {
                int symbol = form.text().codePointAt(next);
                advance(form, symbol);
                if (following.count == 0) {
                    cut(form, symbols);
                    return;
                }
                before.take(places);
                places.take(following);
                symbols++;
                next += Character.charCount(symbol);
            }
            found.accept(new Span(start, places.farthest(), WHOLE, form.mark()));
        }

        private void advance(Form form, int symbol) {
            following.clear();
            for (int i = 0; i < places.count; i++) {
                if (places.at[i] < text.length()) {
                    reading.read(text, places.at[i]);
                    for (int r = 0; r < reading.count(); r++) {
                        if (form.matches(symbol, reading.symbol(r))) {
                            following.add(reading.end(r));
                        }
                    }
                }
            }
        }

        private void cut(Form form, int symbols) {
            if (symbols >= SHORTEST_CUT) {
                cut(form, places);
                // The last character may have been read literally although it begins a truncated escape.
                cut(form, before);
            }
        }

        private void cut(Form form, Places ends) {
            for (int i = 0; i < ends.count; i++) {
                int end = TruncationDetector.end(text, ends.at[i]);
                if (end >= 0 && !KeyName.isPlainName(text.substring(start, end))) {
                    found.accept(new Span(start, end, CUT, form.mark()));
                }
            }
        }
    }

    /** A few distinct positions in the text. */
    private static final class Places {
        private final int[] at = new int[16];
        private int count;

        void clear() {
            count = 0;
        }

        void add(int place) {
            for (int i = 0; i < count; i++) {
                if (at[i] == place) {
                    return;
                }
            }
            if (count < at.length) {
                at[count++] = place;
            }
        }

        void take(Places other) {
            System.arraycopy(other.at, 0, at, 0, other.count);
            count = other.count;
        }

        int farthest() {
            int farthest = at[0];
            for (int i = 1; i < count; i++) {
                farthest = Math.max(farthest, at[i]);
            }
            return farthest;
        }
    }
}
