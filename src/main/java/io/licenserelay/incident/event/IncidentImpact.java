package io.licenserelay.incident.event;

import java.time.Instant;

/**
 * What is endangered, and when.
 *
 * @param text for people: {@code the API client of site hq expires}
 * @param at the deadline; less than 7 days before it, severity is critical
 */
public record IncidentImpact(String text, Instant at) {}
