/**
 * Metrics for Prometheus, described in {@code docs/metrics.md}. Counters are incremented when something happens; what the database knows is
 * read once per scrape, and is absent while the database does not answer. The labels are names of sites and accounts and words of closed
 * lists, never names of licenses, devices or users.
 */
@NullMarked
package io.licenserelay.observe.metrics;

import org.jspecify.annotations.NullMarked;
