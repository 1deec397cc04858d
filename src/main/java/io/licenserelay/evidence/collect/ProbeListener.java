package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.ProbeResult;

/** Observes the results of probes. Its method returns at once, throws nothing, and is thread-safe. */
@FunctionalInterface
public interface ProbeListener {
    /** Observes nothing. */
    ProbeListener NONE = (site, result) -> {};

    /** A probe of the site has ended, or its deadline has passed. */
    void probed(Site site, ProbeResult result);
}
