package io.licenserelay.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the YAML file, read key by key. An invalid value is reported to {@link ConfigurationProblems} and returned as null.
 * Requested keys are the known ones; {@link #end} reports all others.
 */
public final class YamlBlock {
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final int line;
    private final ConfigurationProblems problems;
    private String where;

    private record Entry(int line, Node node) {}

    public YamlBlock(MappingNode node, String where, ConfigurationProblems problems) {
        this.line = line(node);
        this.where = where;
        this.problems = problems;
        node.getValue().forEach(this::add);
    }

    private void add(NodeTuple tuple) {
        int at = line(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problems.add(at, "a key in " + where + " is not a word", "write it as key: value");
        } else if (entries.containsKey(key.getValue())) {
            problems.add(at, "key \"" + key.getValue() + "\" occurs twice in " + where, "keep one of the two");
        } else {
            entries.put(key.getValue(), new Entry(at, tuple.getValueNode()));
        }
    }

    /** Sets the name of this block in later problems. */
    public void rename(String name) {
        where = name;
    }

    public String where() {
        return where;
    }

    public boolean has(String key) {
        known.add(key);
        return entries.containsKey(key);
    }

    /** The mappings of a list that forms the whole file. */
    public static List<YamlBlock> all(SequenceNode list, String name, ConfigurationProblems problems) {
        List<YamlBlock> blocks = new ArrayList<>();
        int number = 0;
        for (Node node : list.getValue()) {
            number++;
            if (node instanceof MappingNode mapping && node.getTag().equals(Tag.MAP)) {
                blocks.add(new YamlBlock(mapping, name + " " + number, problems));
            } else {
                problems.add(line(node), name + " " + number + " is not a block of keys", "write a block of keys");
            }
        }
        return blocks;
    }

    /** The line of a key, or of the block if it has no such key. */
    public int line(String key) {
        Entry entry = entries.get(key);
        return entry == null ? line : entry.line();
    }

    /** Reports a problem with a key, or with the block if it has no such key. */
    public void problem(String key, String message, String fix) {
        problems.add(line(key), message + " in " + where, fix);
    }

    public <T> @Nullable T required(String key, String fix, ValueParser<T> parser) {
        if (!has(key)) {
            problem(key, "\"" + key + "\" is missing", fix);
        }
        return optional(key, parser);
    }

    public <T> T value(String key, T otherwise, ValueParser<T> parser) {
        T value = optional(key, parser);
        return value == null ? otherwise : value;
    }

    public <T> @Nullable T optional(String key, ValueParser<T> parser) {
        known.add(key);
        Entry entry = entries.get(key);
        return entry == null ? null : scalar(key, entry.node(), parser);
    }

    /** The values of a list, or the single value in place of a list. Empty if the key does not exist. */
    public <T> List<T> list(String key, ValueParser<T> parser) {
        List<T> values = new ArrayList<>();
        for (Node node : items(key)) {
            T value = scalar(key, node, parser);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    @Nullable
    public YamlBlock block(String key) {
        known.add(key);
        Entry entry = entries.get(key);
        return entry == null ? null : block(key, entry.node(), key + " of " + where);
    }

    @Nullable
    public YamlBlock requiredBlock(String key, String fix) {
        if (!has(key)) {
            problem(key, "\"" + key + "\" is missing", fix);
        }
        return block(key);
    }

    /** The mappings of a list. Empty if the key does not exist or has no value. */
    public List<YamlBlock> blocks(String key) {
        List<YamlBlock> blocks = new ArrayList<>();
        for (Node node : items(key)) {
            YamlBlock block = block(key, node, "entry " + (blocks.size() + 1) + " of " + key + " in " + where);
            if (block != null) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    public Set<String> keys() {
        return entries.keySet();
    }

    public boolean hasNoValue(String key) {
        Entry entry = entries.get(key);
        return entry == null || entry.node().getTag().equals(Tag.NULL);
    }

    public boolean isEmptyList(String key) {
        Entry entry = entries.get(key);
        return entry != null
                && entry.node() instanceof SequenceNode list
                && list.getValue().isEmpty();
    }

    /** Reports the keys that were not requested. */
    public void end() {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                unknown(key, entry);
            }
        });
    }

    /** An unknown key may be a part of an unquoted value, even of a password. In that case it is not shown. */
    private void unknown(String key, Entry entry) {
        boolean maybeSecret =
                entry.node().getTag().equals(Tag.NULL) || known.contains("secret") || known.contains("password");
        if (maybeSecret && Spelling.closest(key, known).isEmpty()) {
            problems.add(
                    entry.line(),
                    "a word in " + where + " is not a known key",
                    "put a blank after the colon of a key, and a value with a comma in quotes; available: "
                            + String.join(", ", known));
        } else {
            problems.add(entry.line(), "unknown key \"" + key + "\" in " + where, Spelling.fix(key, known));
        }
    }

    private List<Node> items(String key) {
        known.add(key);
        Entry entry = entries.get(key);
        if (entry == null) {
            return List.of();
        }
        return entry.node() instanceof SequenceNode list ? list.getValue() : List.of(entry.node());
    }

    private @Nullable YamlBlock block(String key, Node node, String name) {
        if (node instanceof MappingNode mapping && node.getTag().equals(Tag.MAP)) {
            return new YamlBlock(mapping, name, problems);
        }
        wrongShape(key, node, "a block of keys");
        return null;
    }

    private <T> @Nullable T scalar(String key, Node node, ValueParser<T> parser) {
        if (!(node instanceof ScalarNode scalar) || !PLAIN.contains(node.getTag())) {
            wrongShape(key, node, "one value");
            return null;
        }
        try {
            return parser.parse(scalar.getValue());
        } catch (BadValue bad) {
            problems.add(line(node), "\"" + key + "\" in " + where + ": " + bad.reason(), bad.fix());
            return null;
        }
    }

    private void wrongShape(String key, Node node, String expected) {
        if (node.getTag().equals(Tag.NULL)) {
            problems.add(line(node), "\"" + key + "\" in " + where + " has no value", "add a value, or remove the key");
        } else {
            problems.add(line(node), "\"" + key + "\" in " + where + " is not " + expected, "write " + expected);
        }
    }

    public static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
