package io.licenserelay.redact.match;

import java.util.function.Consumer;

/** A family of things that give a secret away. Stateless or immutable, linear in the text's length, never throws. */
public interface RedactionRule {
    /** Hands every stretch of the text that must not stay to {@code found}; overlaps are fine. */
    void find(String text, Consumer<Span> found);

    /** Whether it also looks at values whose characters or bytes stand apart. */
    default boolean seesValuesApart() {
        return false;
    }

    /** Whether it looks at colours of a terminal, too, which to others are no part of the text. */
    default boolean seesColours() {
        return false;
    }
}
