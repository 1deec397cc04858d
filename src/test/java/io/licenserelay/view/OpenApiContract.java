package io.licenserelay.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published contract {@code openapi/license-relay.yaml}. */
final class OpenApiContract {
    private static final JsonNode CONTRACT = read();

    private OpenApiContract() {}

    private static JsonNode read() {
        try (InputStream in = OpenApiContract.class.getResourceAsStream("/openapi/license-relay.yaml")) {
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Json.MAPPER.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The paths that have this method, with the names of their query parameters. */
    static Map<String, Set<String>> paths(String method) {
        Map<String, Set<String>> paths = new TreeMap<>();
        CONTRACT.path("paths").properties().stream()
                .filter(path -> path.getValue().has(method))
                .forEach(path ->
                        paths.put(path.getKey(), queryParameters(path.getValue().path(method))));
        return paths;
    }

    private static Set<String> queryParameters(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode each : operation.path("parameters")) {
            JsonNode parameter =
                    each.has("$ref") ? CONTRACT.at(each.path("$ref").asText().substring(1)) : each;
            if (parameter.path("in").asText().equals("query")) {
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    /** What in the JSON of an answer violates the schema of a GET of this path. */
    static List<String> violations(String path, JsonNode answer) {
        JsonNode schema = CONTRACT.path("paths").path(path).at("/get/responses/200/content/application~1json/schema");
        if (schema.isMissingNode()) {
            return List.of("the contract has no GET " + path);
        }
        ObjectNode root = Json.object();
        root.set("$ref", schema.path("$ref"));
        root.set("components", CONTRACT.path("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        root,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build())
                .validate(answer)
                .stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }
}
