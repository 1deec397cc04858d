package io.licenserelay.sync.run;

import io.licenserelay.config.site.Site;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sites that the relay works for, by name. They may change while the relay runs. What a method returns does not change with them, so
 * that a run works with the one site that it began with. Thread-safe.
 */
public final class Sites {
    private volatile Map<String, Site> byName;

    public Sites(List<Site> sites) {
        Map<String, Site> all = new LinkedHashMap<>();
        sites.forEach(site -> all.put(site.name(), site));
        this.byName = Collections.unmodifiableMap(all);
    }

    /** Adds a site, or replaces the site of this name. */
    public synchronized void put(Site site) {
        Map<String, Site> all = new LinkedHashMap<>(byName);
        all.put(site.name(), site);
        byName = Collections.unmodifiableMap(all);
    }

    /** Removes the site of this name, if there is one. */
    public synchronized void remove(String name) {
        Map<String, Site> all = new LinkedHashMap<>(byName);
        all.remove(name);
        byName = Collections.unmodifiableMap(all);
    }

    public boolean isKnown(String name) {
        return byName.containsKey(name);
    }

    /** @throws UnknownSite when no site has the name */
    public Site named(String name) {
        Map<String, Site> all = byName;
        Site site = all.get(name);
        if (site == null) {
            throw new UnknownSite(name, all.keySet());
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

    /** The sites of this moment. */
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
