package io.licenserelay.diagnosis;

import io.licenserelay.text.WireNamed;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of one YAML mapping, read so that whatever is wrong becomes a problem with its line. */
final class Fields {
    private static final List<String> FLAGS = List.of("true", "false");

    private final Node node;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private Fields(MappingNode node, Set<String> known, Problems problems) {
        this.node = node;
        this.problems = problems;
        node.getValue().forEach(tuple -> add(tuple, known));
    }

    /** The keys of a mapping; empty, and a problem, when the node is none. */
    static Optional<Fields> of(Node node, Set<String> known, Problems problems) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new Fields(mapping, known, problems));
        }
        problems.at(node, "expected keys with values, of " + String.join(", ", known));
        return Optional.empty();
    }

    Node node() {
        return node;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The node to blame for a key: its value, or the whole mapping when it is missing. */
    Node at(String key) {
        return values.getOrDefault(key, node);
    }

    /** A text that must be there; empty when it is not, which is then a problem. */
    String text(String key) {
        String text =
                values.get(key) instanceof ScalarNode scalar ? scalar.getValue().strip() : "";
        if (text.isEmpty()) {
            problems.at(at(key), "no " + key + (has(key) ? ": it must be a text that is not empty" : ""));
        }
        return text;
    }

    /** {@code true} or {@code false}; another value is a problem. */
    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        String word = text(key);
        if (!word.isEmpty() && isKnown(at(key), key, word, FLAGS)) {
            return word.equals("true");
        }
        return otherwise;
    }

    /** The items of a list; none when the key is missing. */
    List<Node> items(String key) {
        @Nullable Node value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        problems.at(value, key + " must be a list");
        return List.of();
    }

    /** A list of texts; each item that is none is a problem. */
    List<String> texts(String key) {
        return items(key).stream()
                .flatMap(item -> textOf(item, key).stream())
                .distinct()
                .toList();
    }

    /** A list of words, each one of those known. */
    List<String> words(String key, String what, Collection<String> known) {
        return items(key).stream()
                .flatMap(item -> textOf(item, key).filter(word -> isKnown(item, what, word, known)).stream())
                .distinct()
                .toList();
    }

    /** One of an enum's constants by its name in lower case; empty when missing or unknown, which is a problem. */
    <E extends Enum<E> & WireNamed> Optional<E> constant(String key, E[] constants) {
        String word = text(key);
        Map<String, E> byName = Stream.of(constants)
                .collect(Collectors.toMap(
                        WireNamed::wireName,
                        Function.identity(),
                        (first, second) -> first,
                        LinkedHashMap::new));
        if (word.isEmpty() || !isKnown(at(key), key, word, byName.keySet())) {
            return Optional.empty();
        }
        return Optional.ofNullable(byName.get(word));
    }

    private void add(NodeTuple tuple, Set<String> known) {
        String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (!isKnown(tuple.getKeyNode(), "key", key, known)) {
            return;
        }
        if (values.put(key, tuple.getValueNode()) != null) {
            problems.at(tuple.getKeyNode(), "key " + key + " stands twice");
        }
    }

    private boolean isKnown(Node blamed, String what, String word, Collection<String> known) {
        if (known.contains(word)) {
            return true;
        }
        problems.unknown(blamed, what, word, known);
        return false;
    }

    private Optional<String> textOf(Node item, String key) {
        if (item instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(scalar.getValue().strip());
        }
        problems.at(item, "every item of " + key + " must be a text that is not empty");
        return Optional.empty();
    }
}
