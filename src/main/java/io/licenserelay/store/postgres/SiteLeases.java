package io.licenserelay.store.postgres;

import java.util.Optional;

/** Which sites this relay owns, as far as it knows. Thread-safe. */
@FunctionalInterface
public interface SiteLeases {
    /**
     * @param site the name of a site, or {@link io.licenserelay.store.Database#RELAY}
     * @return empty if another relay owns it, or no relay
     */
    Optional<SiteLease> of(String site);
}
