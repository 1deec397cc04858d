package io.licenserelay.reports;

import java.time.Instant;

/**
 * The loss if nobody acts, and its deadline.
 *
 * @param what the loss, as text for people
 * @param at the deadline, which may be in the past
 */
public record ReportImpact(String what, Instant at) {}
