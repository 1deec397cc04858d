package io.licenserelay.store.postgres;

import java.util.Optional;

/** What this relay owns, as far as it knows. A site is named as in the configuration. Thread-safe. */
public interface SiteLeases {
    /**
     * The lease with which this relay writes.
     *
     * @param site the name of a site, or {@link io.licenserelay.store.Database#RELAY}
     * @return empty if another relay owns it, or no relay
     */
    Optional<SiteLease> of(String site);

    /** Whether this relay works for the site. False while a site is handed over, although its lease is still valid. */
    boolean works(String site);

    /** Whether new work of the site may begin. False also while the site has to become idle before it is handed over. */
    default boolean acceptsWork(String site) {
        return works(site);
    }
}
