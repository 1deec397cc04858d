package io.licenserelay.ssm.token;

import io.licenserelay.config.site.Site;
import java.time.Instant;
import java.util.Optional;

/** Results of earlier runs of a site. Thread-safe. */
@FunctionalInterface
public interface GrantHistory {

    /** The end of the last fully successful run in which the site's API client got a token with the password grant. */
    Optional<Instant> lastGoodWithPassword(Site site);
}
