package io.licenserelay.evidence.collect;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeTarget;
import java.util.Optional;
import java.util.function.Function;

/**
 * A probe with one instance per site, because it remembers answers of the site's server.
 *
 * @param bySite the instance by the name of the site
 */
public record SiteProbe(String name, Function<String, Optional<Probe>> bySite) implements Probe {
    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        return bySite.apply(target.site().name()).orElseThrow().run(target, deadline);
    }
}
