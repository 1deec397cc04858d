package io.licenserelay.usage;

import java.time.Instant;

/**
 * What is lost when nobody acts, and when.
 *
 * @param what for people
 * @param at the deadline; it may have passed
 */
public record Endangered(String what, Instant at) {}
