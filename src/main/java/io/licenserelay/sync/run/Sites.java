package io.licenserelay.sync.run;

import io.licenserelay.config.site.Site;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sites of the configuration, by name. Immutable. */
public final class Sites {
    private final Map<String, Site> byName = new LinkedHashMap<>();

    public Sites(List<Site> sites) {
        sites.forEach(site -> byName.put(site.name(), site));
    }

    public boolean isKnown(String name) {
        return byName.containsKey(name);
    }

    /** @throws UnknownSite when no site has the name */
    public Site named(String name) {
        Site site = byName.get(name);
        if (site == null) {
            throw new UnknownSite(name, byName.keySet());
        }
        return site;
    }

    /**
     * Creates the timer task of the site between runs.
     *
     * @throws UnknownSite when no site has the name
     */
    public SiteCheck check(String name) {
        return new SiteCheck(named(name));
    }

    /**
     * The requested sites.
     *
     * @param name null for all sites
     * @throws UnknownSite when no site has the name
     */
    public List<Site> wanted(@Nullable String name) {
        return name == null ? List.copyOf(all()) : List.of(named(name));
    }

    public Collection<Site> all() {
        return byName.values();
    }

    /** A request names a site that is not in the configuration. */
    public static final class UnknownSite extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownSite(String name, Collection<String> known) {
            super("no site \"" + name + "\" in the configuration; it has: " + String.join(", ", known));
        }
    }
}
