package io.licenserelay.redact.match;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The tables of the rules: text files in {@code redact/} of the class path. A line that begins with {@code #} is a comment. */
public final class RuleTable {
    private RuleTable() {}

    /** The lines of a table, in order. */
    public static List<String> lines(String name) {
        String file = "/redact/" + name;
        try (InputStream in = RuleTable.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of a table in groups. A line that ends with a colon begins a group. */
    public static Map<String, Set<String>> groups(String name) {
        Map<String, Set<String>> groups = new HashMap<>();
        String group = "";
        for (String line : lines(name)) {
            if (line.endsWith(":")) {
                group = line.substring(0, line.length() - 1);
            } else {
                groups.computeIfAbsent(group, key -> new HashSet<>()).addAll(List.of(line.split(" +", -1)));
            }
        }
        return groups;
    }

    /** One group. It must exist. */
    public static Set<String> group(Map<String, Set<String>> groups, String name) {
        return Objects.requireNonNull(groups.get(name), name);
    }
}
