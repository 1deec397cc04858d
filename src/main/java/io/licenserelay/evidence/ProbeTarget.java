package io.licenserelay.evidence;

import io.licenserelay.config.site.Site;
import org.jspecify.annotations.Nullable;

/**
 * What probes look at: a site's SSM as configured now, and the failure that made them look.
 *
 * @param failure null when there is none, as in a check-up
 */
public record ProbeTarget(Site site, @Nullable Failure failure) {

    public String host() {
        return site.ssm().url().getHost();
    }

    public int port() {
        return site.ssm().port();
    }
}
