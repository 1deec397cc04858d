package io.licenserelay.incident;

import java.time.Instant;

/**
 * What is endangered, and when.
 *
 * @param text for people: {@code the API client of site hq expires}
 * @param at the deadline; less than 7 days before it, severity is critical
 */
public record Impact(String text, Instant at) {}
