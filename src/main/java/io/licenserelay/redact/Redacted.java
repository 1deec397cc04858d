package io.licenserelay.redact;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Text without its secrets, and an account of what was taken out.
 *
 * @param text safe to write, send and show
 * @param counts how many values each rule replaced, by the rule's name, in order of name; empty when the text is
 *     unchanged. {@code source-unavailable} says that the source of known values failed: those known from before were
 *     still looked for
 */
record Redacted(String text, Map<String, Integer> counts) {
    public Redacted {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
