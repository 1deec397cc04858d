package io.licenserelay.cluster.ownership;

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

/**
 * What one node owns during one session with the database, and one step of the protocol per heartbeat. A step takes one statement when
 * nothing changed. One thread calls {@code step}; other threads may read leases at the same time.
 */
public final class Ownership {
    /** The rows are read this often even if they seem unchanged. */
    private static final Duration REREAD = Duration.ofMinutes(1);

    private final String node;
    private final Duration grace;
    private final OwnershipTable table;

    private final Map<String, Lease> leases = new ConcurrentHashMap<>();
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();

    private Set<String> keys = Set.of();
    private volatile Set<String> live = Set.of();
    private Placement placement = Placement.of(Set.of(), Set.of());
    private Duration stableSince = Duration.ZERO;
    private Duration readAt = Duration.ZERO;
    private long rows = -1;
    private long epochs = -1;
    private final Map<String, Duration> free = new HashMap<>();
    private final Set<String> stray = new HashSet<>();
    private final Map<String, String> declined = new HashMap<>();

    /** The keys that this node gave up because it was not fit, since the nodes changed last. */
    private final Set<String> givenUp = new HashSet<>();

    /** @param grace how long a key waits for its preferred node, and how long the nodes must be the same before a key moves */
    public Ownership(String node, Duration grace, OwnershipTable table) {
        this.node = node;
        this.grace = grace;
        this.table = table;
    }

    /** Is told of each change as soon as it is made, so that a step that fails later loses none. */
    public interface Changes {
        /** This node owns the key from now on. */
        void taken(String key, Lease lease);

        /** This node must stop the work of the key: another node has it, or this node is about to release it. */
        void lost(String key);
    }

    /**
     * Observes the cluster, decides, and acts.
     *
     * @param now the node's monotonic clock
     * @param wanted the keys of the configuration
     * @param idle whether no work of a key is in progress
     * @param fit whether this node has what the work of a key needs
     * @param settled whether the listeners of a key have handled all changes
     */
    public void step(
            Duration now,
            Set<String> wanted,
            Predicate<String> idle,
            Predicate<String> fit,
            Predicate<String> settled,
            Changes changes) {
        observe(now, wanted, changes);
        // The only node works for everything, with what it has.
        Predicate<String> suited = live.size() > 1 ? fit : key -> true;
        OwnershipDecision.Actions actions = OwnershipDecision.decide(new Situation(
                node,
                now,
                grace,
                stableSince,
                placement,
                keys,
                free,
                stray,
                leases.keySet(),
                leaving,
                declined,
                givenUp,
                idle,
                suited,
                settled));
        for (String key : actions.leave()) {
            if (!suited.test(key)) {
                givenUp.add(key);
            }
            leaving.add(key);
            changes.lost(key);
        }
        take(actions.take(), changes);
        release(now, actions.release());
    }

    private void observe(Duration now, Set<String> wanted, Changes changes) {
        Observation seen = table.observe();
        boolean changed = !seen.live().equals(live) || !wanted.equals(keys);
        if (changed) {
            List<String> added =
                    wanted.stream().filter(key -> !keys.contains(key)).sorted().toList();
            if (!added.isEmpty()) {
                table.add(added);
            }
            keys = Set.copyOf(wanted);
            live = Set.copyOf(seen.live());
            placement = Placement.of(keys, live);
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

    /** The keys that this node has a lease for. Thread-safe. */
    public Set<String> held() {
        return Set.copyOf(leases.keySet());
    }

    /** The nodes that were alive at the last step. Thread-safe. */
    public Set<String> live() {
        return live;
    }
}
