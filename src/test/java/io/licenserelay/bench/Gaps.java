package io.licenserelay.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long each site was not pulled, as its server sees it, by a clock that nobody steps. Time counts from the first pull of any site: before
 * it the relay starts.
 */
final class Gaps {
    private final Duration interval;
    private final Map<String, Integer> counted = new HashMap<>();
    private final Map<String, Long> changed = new HashMap<>();
    private final Map<String, Long> longest = new HashMap<>();
    private long began;

    /** @param interval between two runs of a site */
    Gaps(Duration interval) {
        this.interval = interval;
    }

    /** @param pulls of the site so far */
    void seen(String site, int pulls) {
        long now = System.nanoTime();
        if (began == 0) {
            if (pulls == 0) {
                return;
            }
            began = now;
        }
        long since = now - changed.getOrDefault(site, began);
        longest.merge(site, since, Math::max);
        if (counted.getOrDefault(site, 0) < pulls) {
            counted.put(site, pulls);
            changed.put(site, now);
        }
    }

    /** A site that misses a run is not pulled for two intervals. */
    void tell(Report report) {
        Figures seconds = new Figures();
        longest.values().forEach(gap -> seconds.add(gap / 1e9));
        Figures pulls = new Figures();
        counted.values().forEach(pulls::add);
        report.figure("longest time between two pulls, per site", seconds, "s");
        report.figure("pulls, per site", pulls, "");
        report.atMost(
                "sites that missed a run",
                longest.values().stream()
                        .filter(gap -> gap >= interval.multipliedBy(2).toNanos())
                        .count(),
                0);
    }
}
