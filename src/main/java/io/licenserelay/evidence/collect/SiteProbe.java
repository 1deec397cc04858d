package io.licenserelay.evidence.collect;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeTarget;
import java.util.Map;
import java.util.Objects;

/**
 * A probe with one instance per site, because it remembers answers of the site's server.
 *
 * @param bySite the instances by the name of the site
 */
public record SiteProbe(String name, Map<String, Probe> bySite) implements Probe {
    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        String site = target.site().name();
        return Objects.requireNonNull(bySite.get(site), site).run(target, deadline);
    }
}
