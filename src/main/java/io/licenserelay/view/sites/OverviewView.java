package io.licenserelay.view.sites;

import io.licenserelay.view.query.Page;
import java.time.Instant;
import java.util.List;

/**
 * All sites at one moment.
 *
 * @param at the time of the relay's clock
 * @param relayIncidents open incidents of the relay itself, worst first
 */
public record OverviewView(Instant at, List<OpenProblem> relayIncidents, Page<SiteRow> sites) {}
