package io.licenserelay.app.site;

import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.sync.run.Sites;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The digests of the sites as this relay works for them now. A site whose change waits for its current run, or failed, still has its former
 * digest. Thread-safe.
 */
public final class DigestsInForce {
    private final Sites sites;
    private final Map<Site, String> known = new HashMap<>();
    private Collection<Site> used;
    private SiteDigests digests = SiteDigests.NONE;

    public DigestsInForce(Sites sites) {
        this.sites = sites;
        this.used = sites.all();
    }

    /** Knows the sites of this configuration from now on. To be called before they are put in force. */
    public synchronized void learn(Configuration configuration) {
        known.keySet().retainAll(new HashSet<>(sites.all()));
        configuration.sites().forEach(site -> known.put(site, configuration.digest(site.name())));
        // The same site may be written in another way, with another digest.
        used = List.of();
    }

    /** The same object as long as no site changes. */
    public synchronized SiteDigests inForce() {
        Collection<Site> now = sites.all();
        if (now != used) {
            Map<String, String> bySite = new HashMap<>();
            now.forEach(site -> {
                String digest = known.get(site);
                if (digest == null) {
                    throw new IllegalStateException(site.name() + " is in force and was not learnt before");
                }
                bySite.put(site.name(), digest);
            });
            digests = SiteDigests.of(bySite);
            used = now;
        }
        return digests;
    }
}
