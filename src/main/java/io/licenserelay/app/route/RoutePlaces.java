package io.licenserelay.app.route;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the file and line of a Camel error. Camel reports a line only if YAML cannot be parsed. After parsing, its errors name only
 * the route, the step or the endpoint.
 */
final class RoutePlaces {
    /** Patterns of the error messages of Camel 4.18, the most exact first. */
    private static final List<Pattern> NAMED = List.of(
            Pattern.compile("Duplicate route ids detected: ([\\w., -]+?)\\. Please"),
            Pattern.compile("Duplicate id detected: ([\\w.-]+?)\\. Please"),
            Pattern.compile("no route begins at (direct:[\\w.-]+)"),
            Pattern.compile("Failed to resolve endpoint: (\\S+) due to"),
            Pattern.compile("No endpoint could be found for: ([^,\\s]+)"),
            Pattern.compile("Property with key \\[([^\\]]+)\\] not found"),
            Pattern.compile("No bean could be found in the registry for: ([\\w.-]+)"),
            Pattern.compile("Method with name: (.+?) not found on bean"),
            Pattern.compile("Failed to (?:create|start) route:? ([\\w.-]+)"));

    private RoutePlaces() {}

    /**
     * @param files the text of each loaded file, by name or path
     * @param message of the exception
     * @return for example {@code config/routes.d/90-mine.camel.yaml, line 6}; empty if the message names no place
     */
    static List<String> of(Map<String, String> files, String message) {
        for (Pattern pattern : NAMED) {
            Matcher named = pattern.matcher(message);
            Set<String> places = new LinkedHashSet<>();
            while (named.find()) {
                for (String name : named.group(1).split(", ")) {
                    places.addAll(lines(files, name));
                }
            }
            if (!places.isEmpty()) {
                return List.copyOf(places);
            }
        }
        return List.of();
    }

    private static List<String> lines(Map<String, String> files, String value) {
        String plain = value.replace("://", ":");
        Pattern scalar = Pattern.compile("(?:^|[{,\\s-])[\\w-]+:\\s+[\"']?(?:bean:)?" + Pattern.quote(plain)
                + "(?:\\?.*|[\"']?\\s*(?:[,}].*)?)$");
        String property = "{{" + value;
        List<String> found = new ArrayList<>();
        files.forEach((name, text) -> {
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (line.contains(property) || scalar.matcher(line).find()) {
                    found.add(name + ", line " + (i + 1));
                }
            }
        });
        return found;
    }
}
