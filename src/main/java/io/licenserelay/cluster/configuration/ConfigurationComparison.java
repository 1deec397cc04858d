package io.licenserelay.cluster.configuration;

import java.util.Collection;
import java.util.Collections;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The configurations of the live nodes, site by site. The newest digest of a site is the one that was accepted last. Only digests of live
 * nodes count, so that a site has a node that may own it as long as any live node has the site. Immutable.
 */
public final class ConfigurationComparison {
    /** Without a node. */
    public static final ConfigurationComparison NOTHING = of(Map.of(), Map.of(), Map.of());

    private final Map<String, String> nodes;
    private final Map<String, Map<String, String>> configurations;
    private final Set<String> sites;

    /** The newest digest of each site about which the nodes do not agree. */
    private final SortedMap<String, String> newest;

    private ConfigurationComparison(
            Map<String, String> nodes,
            Map<String, Map<String, String>> configurations,
            Set<String> sites,
            SortedMap<String, String> newest) {
        this.nodes = nodes;
        this.configurations = configurations;
        this.sites = sites;
        this.newest = newest;
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
        Set<String> used = Set.copyOf(nodes.values());
        if (used.size() == 1) {
            Map<String, String> common =
                    configurations.getOrDefault(used.iterator().next(), Map.of());
            return new ConfigurationComparison(
                    Map.copyOf(nodes), configurations, common.keySet(), Collections.emptySortedMap());
        }
        Set<String> sites = sites(used, configurations);
        SortedMap<String, String> newest = new TreeMap<>();
        for (String site : sites) {
            Set<String> digests = digests(site, used, configurations);
            if (digests.size() > 1
                    || !used.stream()
                            .allMatch(each ->
                                    configurations.getOrDefault(each, Map.of()).containsKey(site))) {
                newest.put(site, newest(site, digests, acceptedAt));
            }
        }
        return new ConfigurationComparison(Map.copyOf(nodes), configurations, sites, newest);
    }

    /** Equal times are possible if they are unknown; then each node must choose the same. */
    private static String newest(String site, Set<String> digests, Map<SiteVersion, Long> acceptedAt) {
        return digests.stream()
                .max(Comparator.<String>comparingLong(
                                digest -> acceptedAt.getOrDefault(new SiteVersion(site, digest), Long.MIN_VALUE))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
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

    private SiteDifference difference(String site) {
        String newestDigest = newest.getOrDefault(site, "");
        SortedSet<String> current = new TreeSet<>();
        SortedMap<String, String> older = new TreeMap<>();
        SortedSet<String> missing = new TreeSet<>();
        nodes.forEach((node, configuration) -> {
            String digest = configurations.getOrDefault(configuration, Map.of()).get(site);
            if (digest == null) {
                missing.add(node);
            } else if (digest.equals(newestDigest)) {
                current.add(node);
            } else {
                older.put(node, digest);
            }
        });
        return new SiteDifference(site, newestDigest, current, older, missing);
    }

    /** All sites that a live node has. */
    public Set<String> sites() {
        return sites;
    }

    /** By site that not every live node may own, the nodes that may: those with its newest digest. Sites of the same nodes share one set. */
    public Map<String, Set<String>> restricted() {
        Set<String> used = Set.copyOf(nodes.values());
        Map<Set<String>, Set<String>> nodesByConfigurations = new HashMap<>();
        Map<String, Set<String>> restricted = new HashMap<>();
        newest.forEach((site, digest) -> {
            Set<String> current = used.stream()
                    .filter(each -> digest.equals(
                            configurations.getOrDefault(each, Map.of()).get(site)))
                    .collect(Collectors.toSet());
            restricted.put(site, nodesByConfigurations.computeIfAbsent(current, this::nodesWith));
        });
        return restricted;
    }

    private Set<String> nodesWith(Set<String> wanted) {
        return nodes.keySet().stream()
                .filter(node -> wanted.contains(nodes.getOrDefault(node, "")))
                .collect(Collectors.toSet());
    }

    /** Whether the node may own the key. A key that is not the name of a site is free to all. */
    public boolean mayOwn(String node, String key) {
        String digest = newest.get(key);
        return digest == null
                || digest.equals(configurations
                        .getOrDefault(nodes.getOrDefault(node, ""), Map.of())
                        .get(key));
    }

    /** Whether the node is compared with exactly these sites. */
    public boolean has(String node, SiteDigests digests) {
        return digests.digest().equals(nodes.get(node));
    }

    /** Whether all live nodes say the same about the site: all have it with one digest, or none has it. */
    public boolean agreed(String site) {
        return !newest.containsKey(site);
    }

    /** The names of the sites about which the live nodes do not agree, sorted. */
    public Set<String> differing() {
        return Collections.unmodifiableSet(newest.keySet());
    }

    /** The sites about which the live nodes do not agree, by name. */
    public List<SiteDifference> differences() {
        return differences(site -> true);
    }

    /** Those of the sites that fulfil the condition. */
    public List<SiteDifference> differences(Predicate<String> condition) {
        return newest.keySet().stream().filter(condition).map(this::difference).toList();
    }
}
