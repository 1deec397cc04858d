package io.licenserelay.app.site;

import io.licenserelay.config.site.Site;
import io.licenserelay.event.Provenance;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.sync.run.Sites;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the relay has in memory for each site, besides its routes: connections and tokens, the client of its Manager, probes and threads,
 * labels. Different sites may be built and discarded at the same time.
 */
public final class SiteParts {
    private static final Logger LOG = LoggerFactory.getLogger(SiteParts.class);

    private final Sites sites;
    private final Provenance provenance;
    private final SsmServers servers;
    private final ManagerModule managers;
    private final EvidenceModule evidence;

    public SiteParts(
            Sites sites, Provenance provenance, SsmServers servers, ManagerModule managers, EvidenceModule evidence) {
        this.sites = sites;
        this.provenance = provenance;
        this.servers = servers;
        this.managers = managers;
        this.evidence = evidence;
    }

    /**
     * Builds the parts of a site, which must have none. The site itself and its labels replace those of an earlier site of this name, so
     * that the site is never unknown in between.
     *
     * @throws IOException if a trust file cannot be read; the site has no parts then
     */
    public void build(Site site) throws IOException {
        try {
            servers.add(site);
            managers.add(site);
            evidence.add(site);
        } catch (IOException | RuntimeException e) {
            discard(site);
            throw e;
        }
        provenance.put(site);
        sites.put(site);
    }

    /** Closes the parts of a site, if it has any. The site stays known. No work for it may be in progress. */
    void discard(Site site) {
        String name = site.name();
        evidence.remove(name);
        close(name, () -> managers.remove(name));
        close(name, () -> servers.remove(name));
    }

    /** Forgets a site whose parts are discarded. */
    void forget(Site site) {
        sites.remove(site.name());
        provenance.remove(site.name());
    }

    private static void close(String site, Closeable part) {
        try {
            part.close();
        } catch (IOException e) {
            LOG.warn("{}: connections were not closed: {}", site, e.toString());
        }
    }
}
