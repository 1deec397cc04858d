package io.licenserelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares two versions of a schema as its consumers would: what of the published one is broken by the other? */
final class SchemaChanges {
    private static final List<String> FIXED =
            List.of("$id", "pattern", "format", "description", "const", "if", "then", "else");
    private static final List<String> LEAST = List.of("minimum", "minLength");
    private static final List<String> MOST = List.of("maximum", "maxLength");

    private final boolean written;
    private final List<String> broken = new ArrayList<>();

    private SchemaChanges(boolean written) {
        this.written = written;
    }

    /** Of an event that the relay writes: whoever reads it must find what was promised. */
    static List<String> ofWritten(JsonNode published, JsonNode now) {
        SchemaChanges changes = new SchemaChanges(true);
        changes.compare("", published, now);
        return changes.broken;
    }

    /** Of an event that the relay reads: whatever was obeyed must be obeyed. */
    static List<String> ofRead(JsonNode published, JsonNode now) {
        SchemaChanges changes = new SchemaChanges(false);
        changes.compare("", published, now);
        return changes.broken;
    }

    private void compare(String path, JsonNode published, JsonNode now) {
        types(path, published, now);
        enums(path, published, now);
        required(path, published, now);
        FIXED.forEach(word -> fixed(path, word, published.path(word), now.path(word)));
        LEAST.forEach(word -> bound(path, word, published.path(word), now.path(word), 1));
        MOST.forEach(word -> bound(path, word, published.path(word), now.path(word), -1));
        published.path("properties").fields().forEachRemaining(field -> {
            String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            JsonNode there = now.path("properties").path(field.getKey());
            if (there.isMissingNode()) {
                broken.add(name + " vanished");
            } else {
                compare(name, field.getValue(), there);
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
            broken.add(path + " is described otherwise");
        }
    }

    /** Conditions are compared as they stand: one that is gone promised something. */
    private void rules(String path, JsonNode published, JsonNode now) {
        Set<JsonNode> there = new HashSet<>();
        (written ? now : published).forEach(there::add);
        for (JsonNode rule : written ? published : now) {
            if (!there.contains(rule)) {
                broken.add(path + " has another rule: " + rule);
            }
        }
    }

    private void types(String path, JsonNode published, JsonNode now) {
        Set<String> before = words(published.path("type"));
        Set<String> after = words(now.path("type"));
        boolean compatible = written ? before.containsAll(after) && !after.isEmpty() : after.containsAll(before);
        if (!compatible && !(before.isEmpty() && after.isEmpty())) {
            broken.add(path + " was " + before + ", is " + after);
        }
    }

    /** A value that comes new surprises whoever reads, one that goes is waited for in vain: both change what is written. */
    private void enums(String path, JsonNode published, JsonNode now) {
        Set<String> before = words(published.path("enum"));
        Set<String> after = words(now.path("enum"));
        if (written ? !before.equals(after) : !after.isEmpty() && !after.containsAll(before)) {
            broken.add(path + " was one of " + before + ", is one of " + after);
        }
    }

    private void required(String path, JsonNode published, JsonNode now) {
        Set<String> promised = words((written ? published : now).path("required"));
        promised.removeAll(words((written ? now : published).path("required")));
        for (String name : promised) {
            broken.add((path.isEmpty() ? name : path + "." + name)
                    + (written ? " is no longer always there" : " is asked for now"));
        }
    }

    private void fixed(String path, String word, JsonNode published, JsonNode now) {
        if (!published.equals(now)) {
            broken.add(path + " has another " + word + ": was " + published + ", is " + now);
        }
    }

    /** @param sign 1 for a least value, -1 for a most: what is written may only become closer, what is read only wider */
    private void bound(String path, String word, JsonNode published, JsonNode now, int sign) {
        JsonNode promise = written ? published : now;
        JsonNode kept = written ? now : published;
        if (promise.isMissingNode()) {
            return;
        }
        if (kept.isMissingNode() || sign * Double.compare(kept.asDouble(), promise.asDouble()) < 0) {
            broken.add(path + " has another " + word + ": was " + published + ", is " + now);
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
