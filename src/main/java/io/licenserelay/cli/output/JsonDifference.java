package io.licenserelay.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The differences between two JSON trees, one line per JSON pointer (RFC 6901). */
public final class JsonDifference {
    private JsonDifference() {}

    /** Lines such as {@code /code was "LIC3002", is "LIC3001"}, in the order of the first tree. */
    public static List<String> between(JsonNode before, JsonNode now) {
        List<String> lines = new ArrayList<>();
        compare("", before, now, lines);
        return lines;
    }

    private static void compare(String place, JsonNode before, JsonNode now, List<String> lines) {
        if (before.equals(now)) {
            return;
        }
        if (before.isObject() && now.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            before.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(place + "/" + name, before.path(name), now.path(name), lines));
        } else if (before.isArray() && now.isArray()) {
            for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
                compare(place + "/" + i, before.path(i), now.path(i), lines);
            }
        } else {
            lines.add(place + " was " + shown(before) + ", is " + shown(now));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.toString();
    }
}
