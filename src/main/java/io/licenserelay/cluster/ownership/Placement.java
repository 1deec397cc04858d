package io.licenserelay.cluster.ownership;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Which live node each key prefers: rendezvous hashing with a bound. The pairs of key and node are accepted in order of their score until
 * a node has its share, so a node keeps the keys that score highest with it and only the excess moves on. The numbers of keys of two nodes
 * differ by at most 1. The result depends on nothing but the two sets, so each node computes the same. Immutable.
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

    public static Placement of(Collection<String> keys, Collection<String> nodes) {
        String[] keyNames = sorted(keys);
        String[] nodeNames = sorted(nodes);
        Map<String, String> preferred = new HashMap<>();
        if (nodeNames.length > 0) {
            Shares shares = new Shares(keyNames, nodeNames);
            PriorityQueue<Pair> open = new PriorityQueue<>(Math.max(1, keyNames.length), HIGHEST_FIRST);
            for (int key = 0; key < keyNames.length; key++) {
                open.add(shares.best(key));
            }
            for (Pair next = open.poll(); next != null; next = open.poll()) {
                if (shares.accept(next.node())) {
                    preferred.put(keyNames[next.key()], nodeNames[next.node()]);
                } else {
                    open.add(shares.best(next.key()));
                }
            }
        }
        return new Placement(preferred);
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
        private final int[] loads;
        private final int share;
        private int withOneMore;

        Shares(String[] keys, String[] nodes) {
            keyHashes = hashes(keys);
            nodeHashes = hashes(nodes);
            loads = new int[nodes.length];
            share = keys.length / nodes.length;
            withOneMore = keys.length % nodes.length;
        }

        private static long[] hashes(String[] names) {
            return Arrays.stream(names).mapToLong(Placement::hash).toArray();
        }

        private boolean hasRoom(int node) {
            return loads[node] < share || loads[node] == share && withOneMore > 0;
        }

        boolean accept(int node) {
            boolean room = hasRoom(node);
            if (room) {
                if (loads[node] == share) {
                    withOneMore--;
                }
                loads[node]++;
            }
            return room;
        }

        /** The node with room that scores highest. There is one as long as a key has no node. */
        Pair best(int key) {
            int best = -1;
            long highest = Long.MIN_VALUE;
            for (int node = 0; node < nodeHashes.length; node++) {
                long score = mixed(keyHashes[key] ^ nodeHashes[node]);
                if (hasRoom(node) && (best < 0 || score > highest)) {
                    best = node;
                    highest = score;
                }
            }
            return new Pair(key, best, highest);
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
