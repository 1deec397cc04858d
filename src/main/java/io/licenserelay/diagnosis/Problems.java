package io.licenserelay.diagnosis;

import io.licenserelay.diagnosis.BadRules.Problem;
import io.licenserelay.site.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong in one file, so that all of it is told at once. */
final class Problems {
    private final Set<Problem> found = new LinkedHashSet<>();

    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    void at(Node node, String text) {
        at(line(node), text);
    }

    void at(int line, String text) {
        found.add(new Problem(line, text));
    }

    /** Complains about a word that is none of those known, and points at the nearest. */
    void unknown(Node node, String what, String word, Collection<String> known) {
        String hint = Spelling.closest(word, known)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse(known.size() > 12 ? "" : "; known are " + String.join(", ", known));
        at(node, "unknown " + what + " '" + word + "'" + hint);
    }

    /** @throws BadRules if anything was found */
    void throwIfAny(String file) {
        if (!found.isEmpty()) {
            throw new BadRules(
                    file,
                    found.stream().sorted(Comparator.comparing(Problem::line)).toList());
        }
    }
}
