package io.licenserelay.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The content of the route files for docs/routes.md: a Mermaid diagram of the calls between routes, and a table of the routes. */
final class RouteDiagram {
    private final List<Route> routes = new ArrayList<>();
    private final Map<String, String> byDirect = new LinkedHashMap<>();

    /** @param calls the distinct endpoints of the steps that send, in order */
    private record Route(String file, String id, String description, String from, Set<String> calls) {}

    private RouteDiagram() {}

    /** @param folder of route files; each contains routes, templates or configurations */
    static RouteDiagram of(Path folder) throws IOException {
        RouteDiagram diagram = new RouteDiagram();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                diagram.read(file);
            }
        }
        return diagram;
    }

    private void read(Path file) throws IOException {
        Object yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        for (Object entry : (List<?>) yaml) {
            Map<?, ?> kinds = (Map<?, ?>) entry;
            Map<?, ?> template = (Map<?, ?>) kinds.get("routeTemplate");
            Map<?, ?> route = (Map<?, ?>) (template == null ? kinds.get("route") : template.get("route"));
            if (route != null) {
                Map<?, ?> from = (Map<?, ?>) route.get("from");
                Map<?, ?> described = template == null ? route : template;
                Set<String> calls = new LinkedHashSet<>();
                collectCalls(from.get("steps"), calls);
                String name = String.valueOf(file.getFileName()).replace(".camel.yaml", "");
                String uri = withoutPlaceholders(from.get("uri"));
                routes.add(new Route(name, text(described, "id"), text(described, "description"), uri, calls));
                byDirect.put(uri, text(described, "id"));
            }
        }
    }

    private static String text(Map<?, ?> node, String key) {
        return String.valueOf(node.get(key)).strip();
    }

    private static void collectCalls(Object node, Set<String> calls) {
        if (node instanceof List<?> list) {
            list.forEach(each -> collectCalls(each, calls));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if ((key.equals("to") || key.equals("toD")) && value instanceof Map<?, ?> step) {
                    calls.add(withoutPlaceholders(step.get("uri")));
                }
                collectCalls(value, calls);
            });
        }
    }

    /** Replaces the parts that depend on the site or the message by a star. */
    private static String withoutPlaceholders(Object uri) {
        return String.valueOf(uri).replaceAll("\\$\\{[^}]*}|\\{\\{[^}]*}}", "*");
    }

    String mermaid() {
        StringBuilder text = new StringBuilder("```mermaid\nflowchart LR\n");
        for (Route route : routes) {
            if (!route.from.startsWith("direct:")) {
                text.append(edge(outside(route.from), node(route.id)));
            }
            route.calls.stream()
                    .map(call -> byDirect.containsKey(call) ? node(byDirect.get(call)) : outside(call))
                    .distinct()
                    .forEach(target -> text.append(edge(node(route.id), target)));
        }
        return text.append("```\n").toString();
    }

    private static String edge(String from, String to) {
        return "  " + from + " --> " + to + "\n";
    }

    /** Adds a prefix because Mermaid reserves some words, for example {@code end}. */
    private static String node(String id) {
        return "r_" + id + "[" + id + "]";
    }

    private static String outside(String uri) {
        String name = uri.startsWith("direct:") ? uri : uri.substring(0, uri.indexOf(':'));
        return "x_" + name.replaceAll("\\W", "_") + "([\"" + name + "\"])";
    }

    String table() {
        StringBuilder text = new StringBuilder("| file | route | what it does |\n|---|---|---|\n");
        for (Route route : routes) {
            text.append("| `%s` | `%s` | %s |%n".formatted(route.file, route.id, route.description));
        }
        return text.toString();
    }
}
