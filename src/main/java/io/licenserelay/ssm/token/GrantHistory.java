package io.licenserelay.ssm.token;

import io.licenserelay.config.site.Site;
import java.time.Instant;
import java.util.Optional;

/** What is known of earlier runs of a site. Thread-safe. */
@FunctionalInterface
public interface GrantHistory {

    /** When the site's API client last was granted a token for the password grant, in a run in which all was well. */
    Optional<Instant> lastGoodWithPassword(Site site);
}
