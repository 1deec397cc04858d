package io.licenserelay.sync.run;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.SiteTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A timer task of a site between runs. A failure is only logged: if it persists, the next run detects and reports it.
 */
public record SiteCheck(Site site) implements SiteTask {
    private static final Logger LOG = LoggerFactory.getLogger(SiteCheck.class);

    @Override
    public boolean isRun() {
        return false;
    }

    @Override
    public void failed(Failure failure) {
        LOG.warn(
                "{}: {} failed between runs: {}",
                failure.place(),
                failure.step().wireName(),
                failure.message());
    }
}
