package io.licenserelay.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The JSON Schema of relay.yaml and sites.d that editors use. */
public final class RelaySchema {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final JsonNode ROOT = parse();
    private static final JsonSchema SCHEMA = FACTORY.getSchema(ROOT);

    private RelaySchema() {}

    private static JsonNode parse() {
        try {
            return JSON.readTree(Path.of("docs/relay.schema.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schema violations of a relay.yaml; empty if there are none. */
    public static List<String> problems(String yaml) {
        Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return messages(SCHEMA, JSON.valueToTree(read));
    }

    /** The problems of the schema itself. */
    static List<String> problemsOfTheSchema() {
        return messages(FACTORY.getSchema(SchemaLocation.of(SchemaId.V202012)), ROOT);
    }

    private static List<String> messages(JsonSchema schema, JsonNode value) {
        return schema.validate(value).stream().map(ValidationMessage::toString).toList();
    }

    /** The schema of the keys of a site. */
    static JsonNode site() {
        return ROOT.at("/$defs/site");
    }

    /** The keys of the schema in the form of {@link KnownKeys#read}. */
    static Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        collect(site(), "", keys);
        collect(ROOT.at("/properties/relay"), "relay.", keys);
        return keys;
    }

    private static void collect(JsonNode block, String path, Set<String> keys) {
        block.path("oneOf").forEach(alternative -> collect(alternative, path, keys));
        block.path("properties").properties().forEach(property -> {
            // false forbids a key that another alternative has.
            if (!property.getValue().isBoolean()) {
                keys.add(path + property.getKey());
                collect(property.getValue(), path + property.getKey() + ".", keys);
                collect(property.getValue().path("items"), path + property.getKey() + "[].", keys);
            }
        });
    }
}
