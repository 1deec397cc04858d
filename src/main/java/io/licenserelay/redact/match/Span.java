package io.licenserelay.redact.match;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of text that must not stay.
 *
 * @param mark what stands in its place; null when the secret is not a known one and its mark follows from its text
 */
public record Span(
        int start, int end, String rule, @Nullable String mark) {}
