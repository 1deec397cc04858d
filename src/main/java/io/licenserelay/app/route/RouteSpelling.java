package io.licenserelay.app.route;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Suggests the nearest name for a misspelled step or bean of a route file. */
final class RouteSpelling {
    /** Messages of Camel 4.18. */
    private static final Pattern STEP = Pattern.compile("Unknown node id: (\\S+)");

    private static final Pattern BEAN = Pattern.compile("No bean could be found in the registry for: ([\\w.-]+)");
    private static final Pattern REFERENCE = Pattern.compile("\\bref: ([\\w-]+)");
    private static final String SCHEMA = "/schema/camelYamlDsl.json";

    private RouteSpelling() {}

    /** {@code did you mean "failures"?}, or empty if the message names no step or bean, or no name is similar. */
    static Optional<String> suggestion(String message) {
        Matcher step = STEP.matcher(message);
        if (step.find()) {
            return question(Spelling.closest(step.group(1), steps()));
        }
        Matcher bean = BEAN.matcher(message);
        return bean.find() ? question(Spelling.closest(bean.group(1), beans())) : Optional.empty();
    }

    private static Optional<String> question(Optional<String> near) {
        return near.map(name -> "did you mean \"" + name + "\"?");
    }

    /** The beans that the packed routes use. */
    private static Set<String> beans() {
        Set<String> names = new TreeSet<>();
        PackedRoutes.names().forEach(file -> REFERENCE
                .matcher(PackedRoutes.content(file))
                .results()
                .forEach(match -> names.add(match.group(1))));
        return names;
    }

    /** The steps and the top-level elements of Camel's YAML. */
    private static Set<String> steps() {
        try (InputStream in = RouteSpelling.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                return Set.of();
            }
            JsonNode items = Json.MAPPER.readTree(in).path("items");
            Set<String> names = new TreeSet<>();
            items.path("properties").fieldNames().forEachRemaining(names::add);
            items.path("definitions")
                    .path("org.apache.camel.model.ProcessorDefinition")
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(names::add);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
