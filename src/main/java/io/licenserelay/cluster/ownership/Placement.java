package io.licenserelay.cluster.ownership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which live node each key prefers: rendezvous hashing with a bound. The pairs of key and node are accepted in order of their score until
 * a node has its share, so a node keeps the keys that score highest with it and only the excess moves on. The numbers of keys of two nodes
 * differ by at most 1, unless only some nodes may own a key. The result depends on nothing but the arguments, so each node computes the same.
 * Immutable.
 */
public final class Placement {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Accepts the highest score first; names decide between equal scores. */
    private static final Comparator<Pair> HIGHEST_FIRST = Comparator.comparingLong(Pair::score)
            .reversed()
            .thenComparingInt(Pair::key)
            .thenComparingInt(Pair::node);

    private final Map<String, String> preferred;

    private Placement(Map<String, String> preferred) {
        this.preferred = preferred;
    }

    /** Chooses a node for each key, if every node may own every key. */
    public static Placement of(Collection<String> keys, Collection<String> nodes) {
        return of(keys, nodes, Map.of());
    }

    /**
     * Chooses a node for each key.
     *
     * @param restricted by key that not every node may own, the nodes that may: at least one of {@code nodes}. These keys are placed first. If
     *     all nodes of such a key have their share, it goes to the one with the fewest keys, and the others get fewer.
     */
    public static Placement of(Collection<String> keys, Collection<String> nodes, Map<String, Set<String>> restricted) {
        String[] keyNames = sorted(keys);
        String[] nodeNames = sorted(nodes);
        Map<String, String> preferred = new HashMap<>();
        if (nodeNames.length > 0) {
            Shares shares = new Shares(keyNames, nodeNames, restricted);
            int[] bound = keysWhere(keyNames, restricted::containsKey);
            shares.place(bound).forEach(pair -> preferred.put(keyNames[pair.key()], nodeNames[pair.node()]));
            shares.level(keyNames.length - bound.length);
            shares.place(keysWhere(keyNames, key -> !restricted.containsKey(key)))
                    .forEach(pair -> preferred.put(keyNames[pair.key()], nodeNames[pair.node()]));
        }
        return new Placement(preferred);
    }

    private static int[] keysWhere(String[] keys, Predicate<String> condition) {
        return IntStream.range(0, keys.length)
                .filter(key -> condition.test(keys[key]))
                .toArray();
    }

    private static String[] sorted(Collection<String> names) {
        return names.stream().distinct().sorted().toArray(String[]::new);
    }

    /** Empty if the key is unknown or no node is alive. */
    public Optional<String> preferred(String key) {
        return Optional.ofNullable(preferred.get(key));
    }

    boolean prefers(String key, String node) {
        return node.equals(preferred.get(key));
    }

    private record Pair(int key, int node, long score) {}

    /** How many keys each node has so far. A node without room never gets room again. */
    private static final class Shares {
        private final long[] keyHashes;
        private final long[] nodeHashes;
        private final @Nullable BitSet[] mayOwn;
        private final int[] loads;
        private int share;
        private int withOneMore;

        Shares(String[] keys, String[] nodes, Map<String, Set<String>> restricted) {
            mayOwn = new @Nullable BitSet[keys.length];
            // Thousands of keys share few sets.
            Map<Set<String>, BitSet> known = new IdentityHashMap<>();
            for (int key = 0; key < keys.length; key++) {
                Set<String> allowed = restricted.get(keys[key]);
                if (allowed != null && known.containsKey(allowed)) {
                    mayOwn[key] = known.get(allowed);
                } else if (allowed != null) {
                    BitSet bits = new BitSet(nodes.length);
                    IntStream.range(0, nodes.length)
                            .filter(node -> allowed.contains(nodes[node]))
                            .forEach(bits::set);
                    mayOwn[key] = bits;
                    known.put(allowed, bits);
                }
            }
            keyHashes = hashes(keys);
            nodeHashes = hashes(nodes);
            loads = new int[nodes.length];
            level(keys.length);
        }

        /** Sets the share so that the keys to come make the loads as equal as they can be. */
        void level(int coming) {
            share = Arrays.stream(loads).min().orElse(0);
            while (filled(share + 1) <= coming) {
                share++;
            }
            withOneMore = coming - filled(share);
        }

        /** How many keys bring each node to this load. */
        private int filled(int level) {
            return Arrays.stream(loads).map(load -> Math.max(0, level - load)).sum();
        }

        List<Pair> place(int[] keys) {
            List<Pair> placed = new ArrayList<>();
            PriorityQueue<Pair> open = new PriorityQueue<>(Math.max(1, keys.length), HIGHEST_FIRST);
            for (int key : keys) {
                open.add(best(key));
            }
            for (Pair next = open.poll(); next != null; next = open.poll()) {
                if (accept(next)) {
                    placed.add(next);
                } else {
                    open.add(best(next.key()));
                }
            }
            return placed;
        }

        private static long[] hashes(String[] names) {
            return Arrays.stream(names).mapToLong(Placement::hash).toArray();
        }

        private boolean hasRoom(int node) {
            return loads[node] < share || loads[node] == share && withOneMore > 0;
        }

        /** False if the node of the pair got its share meanwhile and another one must be chosen. */
        boolean accept(Pair pair) {
            int node = pair.node();
            if (hasRoom(node)) {
                if (loads[node] == share) {
                    withOneMore--;
                }
                loads[node]++;
                return true;
            }
            boolean crowded =
                    IntStream.range(0, loads.length).noneMatch(other -> mayOwn(pair.key(), other) && hasRoom(other));
            if (crowded && node == leastLoaded(pair.key())) {
                loads[node]++;
                return true;
            }
            return false;
        }

        private boolean mayOwn(int key, int node) {
            BitSet allowed = mayOwn[key];
            return allowed == null || allowed.get(node);
        }

        /**
         * The node with room that scores highest. An unrestricted key finds one, because the shares are made for all keys to come. For a
         * restricted key without one, the node with the fewest keys.
         */
        Pair best(int key) {
            int best = -1;
            long highest = Long.MIN_VALUE;
            for (int node = 0; node < nodeHashes.length; node++) {
                long score = score(key, node);
                if (mayOwn(key, node) && hasRoom(node) && (best < 0 || score > highest)) {
                    best = node;
                    highest = score;
                }
            }
            if (best < 0) {
                best = leastLoaded(key);
                highest = score(key, best);
            }
            return new Pair(key, best, highest);
        }

        private long score(int key, int node) {
            return mixed(keyHashes[key] ^ nodeHashes[node]);
        }

        private int leastLoaded(int key) {
            return IntStream.range(0, loads.length)
                    .filter(node -> mayOwn(key, node))
                    .boxed()
                    .min(Comparator.<Integer>comparingInt(node -> loads[node])
                            .thenComparing(Comparator.comparingLong((Integer node) -> score(key, node))
                                    .reversed()))
                    .orElseThrow(() -> new IllegalArgumentException("no node may own the key"));
        }
    }

    /** FNV-1a, mixed: the same on each node and in each version, which {@code hashCode} does not promise. */
    private static long hash(String name) {
        long hash = FNV_OFFSET;
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        return mixed(hash);
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
