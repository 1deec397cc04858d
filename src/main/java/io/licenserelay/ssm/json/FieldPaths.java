package io.licenserelay.ssm.json;

import java.util.HashMap;
import java.util.Map;

/** Joins names to paths and caches the result: a million items have the same few paths. Not thread-safe. */
final class FieldPaths {
    private static final int MAX = 1_000;

    private final Map<String, Map<String, String>> known = new HashMap<>();
    private int size;

    /** The prefix followed by the name. The cache has a limit, because a server may send an unlimited number of new names. */
    String of(String prefix, String name) {
        Map<String, String> names = known.get(prefix);
        String path = names == null ? null : names.get(name);
        if (path != null) {
            return path;
        }
        String joined = prefix + name;
        if (size < MAX) {
            size++;
            known.computeIfAbsent(prefix, unknown -> new HashMap<>()).put(name, joined);
        }
        return joined;
    }
}
