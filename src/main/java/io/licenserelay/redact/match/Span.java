package io.licenserelay.redact.match;

import org.jspecify.annotations.Nullable;

/**
 * A span of text to replace.
 *
 * @param mark the replacement; null if the secret is not a known value, its mark is then computed from its text
 */
public record Span(
        int start, int end, String rule, @Nullable String mark) {}
