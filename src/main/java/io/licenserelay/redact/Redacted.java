package io.licenserelay.redact;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Redacted text and the number of replaced values.
 *
 * @param text safe to write, send and show
 * @param counts number of replaced values by the rule's name, sorted by name; empty if the text is unchanged. {@code source-unavailable}
 *     means that the source of known values failed; earlier known values were still searched
 */
record Redacted(String text, Map<String, Integer> counts) {
    public Redacted {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
