package io.licenserelay.ssm.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts in how many items of an answer each field name occurs. The number of names is limited. Not thread-safe. */
final class FieldCounts {
    private static final int MAX_NAMES = 100;
    private static final int MAX_NAME_LENGTH = 64;

    private final Map<String, long[]> counts = new HashMap<>();
    private final List<String> itemFields = new ArrayList<>();
    private long items;

    /** Counts a field of the current item. */
    void field(String name) {
        if (name.length() <= MAX_NAME_LENGTH && itemFields.size() < MAX_NAMES) {
            itemFields.add(name);
        }
    }

    /** Ends an item that was read completely. A truncated item is not counted, because its fields are missing for another reason. */
    void itemEnds() {
        itemFields.forEach(name -> count(name, 1));
        itemFields.clear();
        items++;
    }

    /** Adds the counts of another object. */
    void add(FieldCounts other) {
        items += other.items;
        other.counts.forEach((name, count) -> count(name, count[0]));
    }

    private void count(String name, long times) {
        if (counts.size() < MAX_NAMES || counts.containsKey(name)) {
            counts.computeIfAbsent(name, none -> new long[1])[0] += times;
        }
    }

    long items() {
        return items;
    }

    /** The fields that every item had, or those that only some items had. */
    List<String> names(boolean inEvery) {
        return counts.entrySet().stream()
                .filter(each -> (each.getValue()[0] >= items) == inEvery)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
