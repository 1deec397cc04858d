package io.licenserelay.cluster.ownership;

import io.licenserelay.cluster.configuration.ConfigurationComparison;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.cluster.configuration.SiteDigests;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one node owns during one session with the database, and one step of the protocol per heartbeat. A step takes one statement when
 * nothing changed. One thread calls {@code step}; other threads may read leases and configurations at the same time.
 */
public final class Ownership {
    /** The rows are read this often even if they seem unchanged. */
    private static final Duration REREAD = Duration.ofMinutes(1);

    private final String node;
    private final OwnershipTimes times;
    private final OwnershipTable table;

    private final Map<String, Lease> leases = new ConcurrentHashMap<>();
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();

    /** The last configuration that this process has accepted, in this session or an earlier one. */
    private volatile @Nullable SiteDigests accepted;

    /**
     * Whether it was stored in this session: the row of the node may have been deleted between two sessions. It is stored again when this
     * node became fit for a key: for the other nodes this is a change, after which they offer the node its keys again.
     */
    private boolean stored;

    private Set<String> keys = Set.of();
    private Map<String, NodeRevision> nodes = Map.of();
    private volatile Set<String> live = Set.of();
    private Map<String, Map<String, String>> known = Map.of();
    private volatile ConfigurationComparison configurations = ConfigurationComparison.NOTHING;

    /** The sites about which the nodes do not agree, and since when this node knows it. */
    private volatile Map<String, Duration> differing = Map.of();

    private Placement placement = Placement.of(Set.of(), Set.of());
    private volatile Duration stableSince = Duration.ZERO;
    private Duration readAt = Duration.ZERO;
    private long rows = -1;
    private long epochs = -1;
    private final Map<String, Duration> free = new HashMap<>();
    private final Set<String> stray = new HashSet<>();
    private final Map<String, Duration> departing = new HashMap<>();
    private final Map<String, String> declined = new HashMap<>();

    /** The keys that this node gave up because it was not fit, since the nodes changed last. */
    private final Set<String> givenUp = new HashSet<>();

    /** The keys that this node was not fit for at the last step. */
    private Set<String> unfit = Set.of();

    /** @param accepted the configuration that this process had accepted in its last session; null in its first one */
    public Ownership(String node, OwnershipTimes times, @Nullable SiteDigests accepted, OwnershipTable table) {
        this.node = node;
        this.times = times;
        this.accepted = accepted;
        this.table = table;
    }

    /** Is told of each change as soon as it is made, so that a step that fails later loses none. */
    public interface Changes {
        /** This node owns the key from now on. */
        void taken(String key, Lease lease);

        /** This node must stop the work of the key: another node has it, or this node is about to release it. */
        void lost(String key);

        /** This node must begin no new work for the key, which is to move to another node. What is in progress goes on. */
        void paused(String key);

        /** The key does not move after all, so this node begins work for it again. */
        void resumed(String key);
    }

    /**
     * Observes the cluster, decides, and acts.
     *
     * @param now the node's monotonic clock
     * @param wanted the keys of the configuration
     * @param digests its sites with their digests; a key that no node has among them may be owned by each node
     * @param idle whether no work of a key is in progress
     * @param fit whether this node has what the work of a key needs
     * @param settled whether the listeners of a key have handled all changes
     */
    public void step(
            Duration now,
            Set<String> wanted,
            SiteDigests digests,
            Predicate<String> idle,
            Predicate<String> fit,
            Predicate<String> settled,
            Changes changes) {
        noteRepairs(wanted, fit);
        accept(digests);
        observe(now, wanted, changes);
        // The only node works for everything, with what it has.
        Predicate<String> suited = live.size() > 1 ? fit : key -> true;
        OwnershipDecision.Actions actions = OwnershipDecision.decide(new Situation(
                node,
                now,
                times,
                stableSince,
                placement,
                configurations,
                keys,
                free,
                stray,
                leases.keySet(),
                leaving,
                paused,
                departing,
                declined,
                givenUp,
                idle,
                suited,
                settled));
        departing.keySet().retainAll(actions.departing());
        actions.departing().forEach(key -> departing.putIfAbsent(key, now));
        for (String key : actions.resume()) {
            paused.remove(key);
            changes.resumed(key);
        }
        for (String key : actions.pause()) {
            paused.add(key);
            changes.paused(key);
        }
        for (String key : actions.leave()) {
            if (!suited.test(key)) {
                givenUp.add(key);
            }
            leaving.add(key);
            paused.remove(key);
            changes.lost(key);
        }
        take(actions.take(), changes);
        release(now, actions.release());
    }

    private void noteRepairs(Set<String> wanted, Predicate<String> fit) {
        Set<String> lacking = wanted.stream().filter(fit.negate()).collect(Collectors.toSet());
        if (unfit.stream().anyMatch(key -> wanted.contains(key) && !lacking.contains(key))) {
            stored = false;
        }
        unfit = lacking;
    }

    private void accept(SiteDigests digests) {
        SiteDigests former = accepted;
        if (!stored || !digests.equals(former)) {
            table.accept(digests, former == null ? Set.of() : digests.changedSince(former));
            accepted = digests;
            stored = true;
        }
    }

    private void observe(Duration now, Set<String> wanted, Changes changes) {
        Observation seen = table.observe();
        boolean changed = !seen.nodes().equals(nodes) || !wanted.equals(keys);
        if (changed) {
            List<String> added =
                    wanted.stream().filter(key -> !keys.contains(key)).sorted().toList();
            if (!added.isEmpty()) {
                table.add(added);
            }
            keys = Set.copyOf(wanted);
            if (!seen.nodes().equals(nodes)) {
                compareConfigurations(now, seen.nodes());
            }
            nodes = Map.copyOf(seen.nodes());
            live = Set.copyOf(seen.live());
            placement = Placement.of(
                    Stream.concat(keys.stream(), configurations.sites().stream())
                            .collect(Collectors.toSet()),
                    live,
                    configurations.restricted());
            stableSince = now;
            declined.clear();
            givenUp.clear();
        }
        boolean same = seen.rows() == rows && seen.epochs() == epochs;
        rows = seen.rows();
        epochs = seen.epochs();
        if (changed || !same || now.minus(readAt).compareTo(REREAD) >= 0) {
            readAt = now;
            compare(now, table.available(live), changes);
        }
    }

    /** A configuration never changes, so each is read once. */
    private void compareConfigurations(Duration now, Map<String, NodeRevision> revisions) {
        Map<String, String> byNode = new HashMap<>();
        revisions.forEach((each, revision) -> byNode.put(each, revision.configuration()));
        Map<String, Map<String, String>> used = new HashMap<>(known);
        used.keySet().retainAll(byNode.values());
        Set<String> unknown =
                byNode.values().stream().filter(each -> !used.containsKey(each)).collect(Collectors.toSet());
        if (!unknown.isEmpty()) {
            used.putAll(table.configurations(unknown));
        }
        known = used;
        Set<String> disputed = ConfigurationComparison.disputed(byNode.values(), used);
        configurations =
                ConfigurationComparison.of(byNode, used, disputed.isEmpty() ? Map.of() : table.acceptedAt(disputed));
        Map<String, Duration> since = new HashMap<>();
        configurations.differing().forEach(site -> since.put(site, differing.getOrDefault(site, now)));
        differing = Map.copyOf(since);
    }

    private void compare(Duration now, List<OwnerRow> available, Changes changes) {
        Set<String> mine = new HashSet<>();
        Set<String> without = new HashSet<>();
        stray.clear();
        for (OwnerRow row : available) {
            if (!node.equals(row.node())) {
                without.add(row.key());
            } else if (new Lease(node, row.epoch()).equals(leases.get(row.key()))) {
                mine.add(row.key());
            } else {
                stray.add(row.key());
            }
        }
        free.keySet().retainAll(without);
        without.forEach(key -> free.putIfAbsent(key, now));
        for (String key : List.copyOf(leases.keySet())) {
            if (!mine.contains(key)) {
                leases.remove(key);
                paused.remove(key);
                if (!leaving.remove(key)) {
                    changes.lost(key);
                }
            }
        }
    }

    private void take(Collection<String> wanted, Changes changes) {
        if (!wanted.isEmpty()) {
            table.take(wanted).forEach((key, epoch) -> {
                Lease lease = new Lease(node, epoch);
                leases.put(key, lease);
                free.remove(key);
                stray.remove(key);
                epochs++;
                placement
                        .preferred(key)
                        .filter(preferred -> !preferred.equals(node))
                        .ifPresent(preferred -> declined.put(key, preferred));
                changes.taken(key, lease);
            });
        }
    }

    private void release(Duration now, Collection<String> wanted) {
        if (!wanted.isEmpty()) {
            for (String key : table.release(wanted)) {
                leases.remove(key);
                leaving.remove(key);
                stray.remove(key);
                free.put(key, now);
                epochs++;
            }
        }
    }

    /** Releases everything that this node owns, because it stops. Its routes must have ended. */
    public void releaseAll() {
        if (!leases.isEmpty()) {
            table.release(List.copyOf(leases.keySet()));
            leases.clear();
            leaving.clear();
            paused.clear();
        }
    }

    /** The lease of a key, also while its release is prepared. Thread-safe. */
    public Optional<Lease> lease(String key) {
        return Optional.ofNullable(leases.get(key));
    }

    /** Whether the routes of the key should run. Thread-safe. */
    public boolean runs(String key) {
        return leases.containsKey(key) && !leaving.contains(key);
    }

    /** Whether new work of the key may begin here. False also while the key waits for the end of its work in order to move. Thread-safe. */
    public boolean accepts(String key) {
        return runs(key) && !paused.contains(key);
    }

    /** The keys that this node has a lease for. Thread-safe. */
    public Set<String> held() {
        return Set.copyOf(leases.keySet());
    }

    /** The nodes that were alive at the last step. Thread-safe. */
    public Set<String> live() {
        return live;
    }

    /** The last configuration that this process has accepted; null before the first step. Thread-safe. */
    public @Nullable SiteDigests accepted() {
        return accepted;
    }

    /** Whether keys, live nodes and their configurations have been the same for this time. Thread-safe. */
    public boolean isStable(Duration now, Duration time) {
        return now.minus(stableSince).compareTo(time) >= 0;
    }

    /** The configurations of the live nodes at the last step. Thread-safe. */
    public ConfigurationComparison configurations() {
        return configurations;
    }

    /** The sites about which the live nodes did not agree during all of the last time, as far as this node observed it. Thread-safe. */
    public List<SiteDifference> differences(Duration now, Duration lasting) {
        Map<String, Duration> since = differing;
        return configurations.differences(
                site -> now.minus(since.getOrDefault(site, now)).compareTo(lasting) >= 0);
    }
}
