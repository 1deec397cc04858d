package io.licenserelay.ssm.json;

import java.util.HashMap;
import java.util.Map;

/** Joins names to paths, each once: a million items have the same few. Not thread-safe. */
final class FieldPaths {
    private static final int MOST = 1_000;

    private final Map<String, Map<String, String>> known = new HashMap<>();
    private int size;

    /** The prefix followed by the name. A server that makes up ever new names gets them joined, but not remembered. */
    String of(String prefix, String name) {
        Map<String, String> names = known.get(prefix);
        String path = names == null ? null : names.get(name);
        if (path != null) {
            return path;
        }
        String joined = prefix + name;
        if (size < MOST) {
            size++;
            known.computeIfAbsent(prefix, unknown -> new HashMap<>()).put(name, joined);
        }
        return joined;
    }
}
