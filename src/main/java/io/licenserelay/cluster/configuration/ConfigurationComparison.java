package io.licenserelay.cluster.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The configurations of the live nodes, site by site. The newest digest of a site is the one that was accepted last. Only digests of live
 * nodes count, so that a site has a node that may own it as long as any live node has the site. Immutable.
 */
public final class ConfigurationComparison {
    /** Without a node. */
    public static final ConfigurationComparison NOTHING = of(Map.of(), Map.of(), Map.of());

    private final Set<String> sites;
    private final SortedMap<String, SiteDifference> differences;

    private ConfigurationComparison(Set<String> sites, SortedMap<String, SiteDifference> differences) {
        this.sites = sites;
        this.differences = differences;
    }

    /**
     * Compares.
     *
     * @param nodes by live node the digest of its configuration; a digest that {@code configurations} lacks is a configuration without sites
     * @param configurations by digest of the configuration its sites, each with its digest
     * @param acceptedAt when a digest was accepted, for the sites of {@link #disputed}; what it lacks is older than what it has
     */
    public static ConfigurationComparison of(
            Map<String, String> nodes,
            Map<String, Map<String, String>> configurations,
            Map<SiteVersion, Long> acceptedAt) {
        Set<String> used = new HashSet<>(nodes.values());
        Set<String> sites = sites(used, configurations);
        SortedMap<String, SiteDifference> differences = new TreeMap<>();
        if (used.size() > 1) {
            for (String site : sites) {
                if (digests(site, used, configurations).size() > 1
                        || !used.stream().allMatch(each -> configurations
                                .getOrDefault(each, Map.of())
                                .containsKey(site))) {
                    differences.put(site, difference(site, nodes, configurations, acceptedAt));
                }
            }
        }
        return new ConfigurationComparison(Set.copyOf(sites), differences);
    }

    /** The sites of which the configurations have different digests, so that their times decide. */
    public static Set<String> disputed(Collection<String> used, Map<String, Map<String, String>> configurations) {
        Set<String> distinct = new HashSet<>(used);
        return distinct.size() < 2
                ? Set.of()
                : sites(distinct, configurations).stream()
                        .filter(site -> digests(site, distinct, configurations).size() > 1)
                        .collect(Collectors.toSet());
    }

    private static Set<String> sites(Set<String> used, Map<String, Map<String, String>> configurations) {
        return used.stream()
                .flatMap(each -> configurations.getOrDefault(each, Map.of()).keySet().stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> digests(String site, Set<String> used, Map<String, Map<String, String>> configurations) {
        Set<String> digests = new HashSet<>();
        for (String each : used) {
            String digest = configurations.getOrDefault(each, Map.of()).get(site);
            if (digest != null) {
                digests.add(digest);
            }
        }
        return digests;
    }

    private static SiteDifference difference(
            String site,
            Map<String, String> nodes,
            Map<String, Map<String, String>> configurations,
            Map<SiteVersion, Long> acceptedAt) {
        SortedMap<String, String> having = new TreeMap<>();
        SortedSet<String> missing = new TreeSet<>();
        nodes.forEach((node, configuration) -> {
            String digest = configurations.getOrDefault(configuration, Map.of()).get(site);
            if (digest == null) {
                missing.add(node);
            } else {
                having.put(node, digest);
            }
        });
        // Equal times are possible, because they are in milliseconds; then each node must choose the same.
        String newest = having.values().stream()
                .max(Comparator.<String>comparingLong(
                                digest -> acceptedAt.getOrDefault(new SiteVersion(site, digest), Long.MIN_VALUE))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        SortedSet<String> current = having.entrySet().stream()
                .filter(each -> each.getValue().equals(newest))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        having.keySet().removeAll(current);
        return new SiteDifference(site, newest, current, having, missing);
    }

    /** All sites that a live node has. */
    public Set<String> sites() {
        return sites;
    }

    /** By site that not every live node may own, the nodes that may: those with its newest digest. */
    public Map<String, Set<String>> restricted() {
        Map<String, Set<String>> restricted = new HashMap<>();
        differences.forEach((site, difference) -> restricted.put(site, difference.current()));
        return restricted;
    }

    /** Whether the node may own the key. A key that is not the name of a site is free to all. */
    public boolean mayOwn(String node, String key) {
        SiteDifference difference = differences.get(key);
        return difference == null || difference.current().contains(node);
    }

    /** Whether all live nodes say the same about the site: all have it with one digest, or none has it. */
    public boolean agreed(String site) {
        return !differences.containsKey(site);
    }

    /** The sites about which the live nodes do not agree, by name. */
    public List<SiteDifference> differences() {
        return List.copyOf(differences.values());
    }
}
