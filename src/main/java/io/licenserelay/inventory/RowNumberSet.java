package io.licenserelay.inventory;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A set of row ids, stored as bit sets for ranges of ids. Not thread-safe. */
final class RowNumberSet {
    private static final int CHUNK_BITS = 16;

    private final Map<Long, BitSet> chunks = new HashMap<>();
    private long size;

    /** @return whether the id was added */
    boolean add(long id) {
        BitSet chunk = chunks.computeIfAbsent(id >> CHUNK_BITS, number -> new BitSet());
        int bit = bit(id);
        if (chunk.get(bit)) {
            return false;
        }
        chunk.set(bit);
        size++;
        return true;
    }

    boolean contains(long id) {
        BitSet chunk = chunks.get(id >> CHUNK_BITS);
        return chunk != null && chunk.get(bit(id));
    }

    long size() {
        return size;
    }

    private static int bit(long id) {
        return (int) (id & ((1 << CHUNK_BITS) - 1));
    }
}
