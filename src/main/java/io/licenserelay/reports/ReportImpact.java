package io.licenserelay.reports;

import java.time.Instant;

/**
 * What is lost when nobody acts, and when.
 *
 * @param what for people
 * @param at the deadline; it may have passed
 */
public record ReportImpact(String what, Instant at) {}
