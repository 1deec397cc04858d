package io.licenserelay.incident.event;

import java.time.Instant;

/**
 * The loss that an incident threatens, and its deadline.
 *
 * @param text the loss, as text for people: {@code the API client of site hq expires}
 * @param at the deadline; the severity is critical if fewer than 7 days remain
 */
public record IncidentImpact(String text, Instant at) {}
