package io.licenserelay.ssm.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts in how many items of an answer each field stood; by name alone, bounded. Not thread-safe. */
final class FieldCounts {
    private static final int MOST = 100;
    private static final int LONGEST = 64;

    private final Map<String, long[]> counts = new HashMap<>();
    private final List<String> ofItem = new ArrayList<>();
    private long items;

    /** A field of the item that is being read. */
    void field(String name) {
        if (name.length() <= LONGEST && ofItem.size() < MOST) {
            ofItem.add(name);
        }
    }

    /** The item was read whole; one that was cut is not counted, since it lacks fields for another reason. */
    void itemEnds() {
        ofItem.forEach(name -> count(name, 1));
        ofItem.clear();
        items++;
    }

    /** Counts the other's items too. */
    void add(FieldCounts other) {
        items += other.items;
        other.counts.forEach((name, count) -> count(name, count[0]));
    }

    private void count(String name, long times) {
        if (counts.size() < MOST || counts.containsKey(name)) {
            counts.computeIfAbsent(name, none -> new long[1])[0] += times;
        }
    }

    long items() {
        return items;
    }

    /** The fields that stood in every item, or those that stood in some only. */
    List<String> names(boolean inEvery) {
        return counts.entrySet().stream()
                .filter(each -> (each.getValue()[0] >= items) == inEvery)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
