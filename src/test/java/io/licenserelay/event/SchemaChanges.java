package io.licenserelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares two versions of a schema and lists the changes that are not compatible with the published version. */
final class SchemaChanges {
    private static final List<String> FIXED =
            List.of("$id", "pattern", "format", "description", "const", "if", "then", "else");
    private static final List<String> LOWER_BOUNDS = List.of("minimum", "minLength");
    private static final List<String> UPPER_BOUNDS = List.of("maximum", "maxLength");

    private final boolean written;
    private final List<String> incompatible = new ArrayList<>();

    private SchemaChanges(boolean written) {
        this.written = written;
    }

    /** The incompatible changes of an event that the relay writes: a consumer must still find everything that was promised. */
    static List<String> ofWritten(JsonNode published, JsonNode now) {
        SchemaChanges changes = new SchemaChanges(true);
        changes.compare("", published, now);
        return changes.incompatible;
    }

    /** The incompatible changes of an event that the relay reads: a command that was accepted must still be accepted. */
    static List<String> ofRead(JsonNode published, JsonNode now) {
        SchemaChanges changes = new SchemaChanges(false);
        changes.compare("", published, now);
        return changes.incompatible;
    }

    private void compare(String path, JsonNode published, JsonNode now) {
        types(path, published, now);
        enums(path, published, now);
        required(path, published, now);
        FIXED.forEach(word -> fixed(path, word, published.path(word), now.path(word)));
        LOWER_BOUNDS.forEach(word -> bound(path, word, published.path(word), now.path(word), 1));
        UPPER_BOUNDS.forEach(word -> bound(path, word, published.path(word), now.path(word), -1));
        published.path("properties").fields().forEachRemaining(field -> {
            String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            JsonNode current = now.path("properties").path(field.getKey());
            if (current.isMissingNode()) {
                incompatible.add(name + " vanished");
            } else {
                compare(name, field.getValue(), current);
            }
        });
        inner(path + "[]", published.path("items"), now.path("items"));
        inner(path + ".*", published.path("additionalProperties"), now.path("additionalProperties"));
        rules(path, published.path("allOf"), now.path("allOf"));
    }

    private void inner(String path, JsonNode published, JsonNode now) {
        if (published.isMissingNode() && now.isMissingNode()) {
            return;
        }
        if (published.isObject() && now.isObject()) {
            compare(path, published, now);
        } else if (!published.equals(now)) {
            incompatible.add(path + " has another schema");
        }
    }

    /** Conditions are compared as a whole, because a removed condition was a promise. */
    private void rules(String path, JsonNode published, JsonNode now) {
        Set<JsonNode> present = new HashSet<>();
        (written ? now : published).forEach(present::add);
        for (JsonNode rule : written ? published : now) {
            if (!present.contains(rule)) {
                incompatible.add(path + " has another rule: " + rule);
            }
        }
    }

    private void types(String path, JsonNode published, JsonNode now) {
        Set<String> before = words(published.path("type"));
        Set<String> after = words(now.path("type"));
        boolean compatible = written ? before.containsAll(after) && !after.isEmpty() : after.containsAll(before);
        if (!compatible && !(before.isEmpty() && after.isEmpty())) {
            incompatible.add(path + " was " + before + ", is " + after);
        }
    }

    /** For written events, a new value is unknown to consumers and a removed value never arrives, so both are incompatible. */
    private void enums(String path, JsonNode published, JsonNode now) {
        Set<String> before = words(published.path("enum"));
        Set<String> after = words(now.path("enum"));
        if (written ? !before.equals(after) : !after.isEmpty() && !after.containsAll(before)) {
            incompatible.add(path + " was one of " + before + ", is one of " + after);
        }
    }

    private void required(String path, JsonNode published, JsonNode now) {
        Set<String> promised = words((written ? published : now).path("required"));
        promised.removeAll(words((written ? now : published).path("required")));
        for (String name : promised) {
            incompatible.add((path.isEmpty() ? name : path + "." + name)
                    + (written ? " is no longer always there" : " is now required"));
        }
    }

    private void fixed(String path, String word, JsonNode published, JsonNode now) {
        if (!published.equals(now)) {
            incompatible.add(path + " has another " + word + ": was " + published + ", is " + now);
        }
    }

    /** @param sign 1 for a lower bound, -1 for an upper bound. Bounds may become narrower in written events, and wider in read events */
    private void bound(String path, String word, JsonNode published, JsonNode now, int sign) {
        JsonNode promise = written ? published : now;
        JsonNode actual = written ? now : published;
        if (promise.isMissingNode()) {
            return;
        }
        if (actual.isMissingNode() || sign * Double.compare(actual.asDouble(), promise.asDouble()) < 0) {
            incompatible.add(path + " has another " + word + ": was " + published + ", is " + now);
        }
    }

    private static Set<String> words(JsonNode oneOrMany) {
        Set<String> words = new TreeSet<>();
        if (oneOrMany.isArray()) {
            oneOrMany.forEach(each -> words.add(each.asText()));
        } else if (!oneOrMany.isMissingNode()) {
            words.add(oneOrMany.asText());
        }
        return words;
    }
}
