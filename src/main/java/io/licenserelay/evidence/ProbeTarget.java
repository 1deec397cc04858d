package io.licenserelay.evidence;

import io.licenserelay.config.site.Site;
import org.jspecify.annotations.Nullable;

/**
 * The target of probes: a site's SSM as configured now, and the failure that is the reason for the probes.
 *
 * @param failure null if there is none, as in a check
 */
public record ProbeTarget(Site site, @Nullable Failure failure) {

    public String host() {
        return site.ssm().url().getHost();
    }

    public int port() {
        return site.ssm().port();
    }
}
