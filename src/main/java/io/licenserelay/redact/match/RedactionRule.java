package io.licenserelay.redact.match;

import java.util.function.Consumer;

/** A rule that finds one kind of secret. Stateless or immutable, linear in the text's length, never throws. */
public interface RedactionRule {
    /** Passes every span to replace to {@code found}. Spans may overlap. */
    void find(String text, Consumer<Span> found);

    /** Whether the rule also searches values whose characters or bytes are separated. */
    default boolean searchesSpacedValues() {
        return false;
    }

    /** Whether the rule also searches terminal colour sequences, which other rules skip. */
    default boolean searchesColours() {
        return false;
    }
}
