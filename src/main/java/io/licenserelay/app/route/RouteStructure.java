package io.licenserelay.app.route;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Checks that every route of a file begins somewhere. For a route without a beginning, Camel reports neither file nor reason. */
final class RouteStructure {
    private static final String FIX =
            "add from: with uri: and steps:, for example from: { uri: \"direct:mine\", steps: [ … ] }";

    private RouteStructure() {}

    /**
     * Checks the file. YAML that cannot be parsed is left to Camel, which reports its line.
     *
     * @throws BadRoutes with file, line and fix
     */
    static void check(Path file, String text) throws BadRoutes {
        Node root = root(text);
        if (root == null) {
            return;
        }
        if (!(root instanceof SequenceNode list)) {
            throw bad(file, root, "the file is not a list", "begin each route with \"- route:\"");
        }
        for (Node element : list.getValue()) {
            if (element instanceof MappingNode mapping) {
                check(file, mapping);
            }
        }
    }

    private static void check(Path file, MappingNode element) throws BadRoutes {
        Node route = value(element, "route");
        Node from = value(element, "from");
        if (route != null) {
            from = route instanceof MappingNode mapping ? value(mapping, "from") : null;
            if (from == null) {
                throw bad(file, element, "the route has no from", FIX);
            }
        }
        if (from != null && !begins(from)) {
            throw bad(file, from, "from has no uri", FIX);
        }
    }

    private static boolean begins(Node from) {
        Node uri = from instanceof MappingNode mapping ? value(mapping, "uri") : from;
        return uri instanceof ScalarNode scalar && !scalar.getValue().isBlank();
    }

    private static @Nullable Node value(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(each -> each.getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Node root(String text) {
        try {
            return new Compose(LoadSettings.builder().build())
                    .composeString(text)
                    .orElse(null);
        } catch (YamlEngineException e) {
            return null;
        }
    }

    private static BadRoutes bad(Path file, Node at, String problem, String fix) {
        String line =
                at.getStartMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
        return new BadRoutes("The route file " + file + line + ": " + problem + ": " + fix + ".");
    }
}
