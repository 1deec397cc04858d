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
 *
 * <p>A block may lie {@link #over} a block of defaults. Then a key that it does not have is read from the defaults, and a block of keys
 * that both have is read key by key from both. Lists and single values are not merged. The value {@code null} removes the key of the
 * defaults. A problem names the file and line of the value, wherever it is.
 */
public final class YamlBlock {
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Position position;
    private final ConfigurationProblems problems;
    private String where;
    private @Nullable YamlBlock defaults;

    /** @param line from 1 */
    private record Position(String file, int line) {

        /** Problems of nodes that come from different files name the file in which each node is. */
        static Position of(Node node) {
            return node.getStartMark()
                    .map(mark -> new Position(mark.getName(), mark.getLine() + 1))
                    .orElse(new Position("", 0));
        }
    }

    /** @param holder the block that has the key: this block, or its defaults */
    private record Entry(Position position, Node node, YamlBlock holder) {

        boolean hasNoValue() {
            return node.getTag().equals(Tag.NULL);
        }

        /** Whether the value is the word null. A key whose value was forgotten is an empty text. */
        boolean isRemoval() {
            return hasNoValue()
                    && node instanceof ScalarNode scalar
                    && !scalar.getValue().isEmpty();
        }
    }

    public YamlBlock(MappingNode node, String where, ConfigurationProblems problems) {
        this(Position.of(node), where, problems);
        node.getValue().forEach(this::add);
    }

    private YamlBlock(Position position, String where, ConfigurationProblems problems) {
        this.position = position;
        this.where = where;
        this.problems = problems;
    }

    /** A block without keys. */
    public static YamlBlock empty(String where, ConfigurationProblems problems) {
        return new YamlBlock(new Position(problems.file(), 0), where, problems);
    }

    private void add(NodeTuple tuple) {
        Position at = Position.of(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            add(at, "a key in " + where + " is not a word", "write it as key: value");
        } else if (entries.containsKey(key.getValue())) {
            add(at, "key \"" + key.getValue() + "\" occurs twice in " + where, "keep one of the two");
        } else {
            entries.put(key.getValue(), new Entry(at, tuple.getValueNode(), this));
        }
    }

    private void add(Position at, String message, String fix) {
        problems.add(at.file(), at.line(), message, fix);
    }

    /** Reads this block over a block of defaults, which may be empty. Returns this block. */
    public YamlBlock over(YamlBlock itsDefaults) {
        defaults = itsDefaults;
        return this;
    }

    /** The entry of a key in this block, else in its defaults. Null if none has it, or if this block removes it. */
    private @Nullable Entry find(String key) {
        Entry own = entries.get(key);
        if (own == null) {
            return defaults == null ? null : defaults.entries.get(key);
        }
        return defaults != null && own.isRemoval() ? null : own;
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
        return find(key) != null;
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
                Position at = Position.of(node);
                problems.add(
                        at.file(), at.line(), name + " " + number + " is not a block of keys", "write a block of keys");
            }
        }
        return blocks;
    }

    /** The line of a key, or of the block if it has no such key. */
    public int line(String key) {
        return position(key).line();
    }

    /** The file and the line of a key, or of the block if it has no such key: {@code config/relay.yaml:3}. */
    public String place(String key) {
        Position at = position(key);
        return at.file() + ":" + at.line();
    }

    private Position position(String key) {
        Entry entry = find(key);
        return entry == null ? position : entry.position();
    }

    /** Reports a problem with a key, or with the block if it has no such key. */
    public void problem(String key, String message, String fix) {
        add(position(key), message + " in " + where, fix);
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
        Entry entry = find(key);
        return entry == null ? null : entry.holder().scalar(key, entry.node(), parser);
    }

    /** The values of a list, or the single value in place of a list. Empty if the key does not exist. */
    public <T> List<T> list(String key, ValueParser<T> parser) {
        known.add(key);
        Entry entry = find(key);
        List<T> values = new ArrayList<>();
        if (entry != null) {
            for (Node node : items(entry)) {
                T value = entry.holder().scalar(key, node, parser);
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    @Nullable
    public YamlBlock block(String key) {
        known.add(key);
        Entry entry = find(key);
        if (entry == null) {
            return null;
        }
        String name = key + " of " + where;
        if (entry.holder() == this) {
            YamlBlock block = block(key, entry.node(), name);
            return block == null || defaults == null ? block : block.over(defaults.blockOrEmpty(key));
        }
        YamlBlock inherited = entry.holder().block(key);
        // What is missing in it is missing in this block: the defaults may be incomplete.
        return inherited == null ? null : new YamlBlock(position, name, problems).over(inherited);
    }

    /** The block of a key; an empty one if the key does not exist or has another value. */
    private YamlBlock blockOrEmpty(String key) {
        Entry entry = entries.get(key);
        String name = key + " of " + where;
        return entry != null
                        && entry.node() instanceof MappingNode mapping
                        && mapping.getTag().equals(Tag.MAP)
                ? new YamlBlock(mapping, name, problems)
                : new YamlBlock(position, name, problems);
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
        known.add(key);
        Entry entry = find(key);
        List<YamlBlock> blocks = new ArrayList<>();
        if (entry != null) {
            YamlBlock holder = entry.holder();
            for (Node node : items(entry)) {
                String name = "entry " + (blocks.size() + 1) + " of " + key + " in " + holder.where;
                YamlBlock block = holder.block(key, node, name);
                if (block != null) {
                    blocks.add(block);
                }
            }
        }
        return blocks;
    }

    /** The keys of this block and of its defaults, without those that this block removes. */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>(entries.keySet());
        if (defaults != null) {
            keys.addAll(defaults.entries.keySet());
            keys.removeIf(key -> find(key) == null);
        }
        return keys;
    }

    public boolean hasNoValue(String key) {
        Entry entry = find(key);
        return entry == null || entry.hasNoValue();
    }

    public boolean isEmptyList(String key) {
        Entry entry = find(key);
        return entry != null
                && entry.node() instanceof SequenceNode list
                && list.getValue().isEmpty();
    }

    /** Reports the keys that were not requested, also those of the defaults. */
    public void end() {
        reportOthers(known);
        if (defaults != null) {
            defaults.reportOthers(known);
        }
    }

    private void reportOthers(Set<String> knownKeys) {
        entries.forEach((key, entry) -> {
            if (!knownKeys.contains(key)) {
                unknown(key, entry, knownKeys);
            }
        });
    }

    /** An unknown key may be a part of an unquoted value, even of a password. In that case it is not shown. */
    private void unknown(String key, Entry entry, Set<String> knownKeys) {
        boolean maybeSecret = entry.hasNoValue() || knownKeys.contains("secret") || knownKeys.contains("password");
        if (maybeSecret && Spelling.closest(key, knownKeys).isEmpty()) {
            add(
                    entry.position(),
                    "a word in " + where + " is not a known key",
                    "put a blank after the colon of a key, and a value with a comma in quotes; available: "
                            + String.join(", ", knownKeys));
        } else {
            add(entry.position(), "unknown key \"" + key + "\" in " + where, Spelling.fix(key, knownKeys));
        }
    }

    private static List<Node> items(Entry entry) {
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
            add(Position.of(node), "\"" + key + "\" in " + where + ": " + bad.reason(), bad.fix());
            return null;
        }
    }

    private void wrongShape(String key, Node node, String expected) {
        if (node.getTag().equals(Tag.NULL)) {
            add(Position.of(node), "\"" + key + "\" in " + where + " has no value", "add a value, or remove the key");
        } else {
            add(Position.of(node), "\"" + key + "\" in " + where + " is not " + expected, "write " + expected);
        }
    }

    public static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
