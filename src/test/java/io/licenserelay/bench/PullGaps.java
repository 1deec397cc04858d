package io.licenserelay.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The longest time without a pull per site, measured at its server with a monotonic clock. The measurement starts at
 * the first pull of any site, because the relay is still starting before.
 */
final class PullGaps {
    private final Duration interval;
    private final Map<String, Integer> pullsBySite = new HashMap<>();
    private final Map<String, Long> lastPull = new HashMap<>();
    private final Map<String, Long> longestGap = new HashMap<>();
    private long start;

    /** @param interval the time between two runs of a site */
    PullGaps(Duration interval) {
        this.interval = interval;
    }

    /** @param pulls the number of pulls of the site so far */
    void record(String site, int pulls) {
        long now = System.nanoTime();
        if (start == 0) {
            if (pulls == 0) {
                return;
            }
            start = now;
        }
        long since = now - lastPull.getOrDefault(site, start);
        longestGap.merge(site, since, Math::max);
        if (pullsBySite.getOrDefault(site, 0) < pulls) {
            pullsBySite.put(site, pulls);
            lastPull.put(site, now);
        }
    }

    /** Prints the gaps. A site has missed a run if it was not pulled for two intervals. */
    void print(Report report) {
        Figures seconds = new Figures();
        longestGap.values().forEach(gap -> seconds.add(gap / 1e9));
        Figures pulls = new Figures();
        pullsBySite.values().forEach(pulls::add);
        report.figure("longest time between two pulls, per site", seconds, "s");
        report.figure("pulls, per site", pulls, "");
        report.atMost(
                "sites that missed a run",
                longestGap.values().stream()
                        .filter(gap -> gap >= interval.multipliedBy(2).toNanos())
                        .count(),
                0);
    }
}
