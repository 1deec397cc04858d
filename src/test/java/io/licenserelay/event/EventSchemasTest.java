package io.licenserelay.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.licenserelay.config.site.Topic;
import io.licenserelay.reports.ReportState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published schemas are valid, and stay compatible with their consumers. */
class EventSchemasTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PUBLISHED = Path.of("src/test/resources/published");

    static Stream<String> schemas() {
        return EventSchemas.names().stream().filter(name -> !name.endsWith(".yaml"));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everySchemaIsValidAndDescribesEveryField(String name) throws Exception {
        String text = EventSchemas.text(name).orElseThrow();
        var metaschema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of(SchemaId.V202012));
        assertThat(metaschema.validate(text, InputFormat.JSON)).isEmpty();
        JsonNode schema = JSON.readTree(text);
        assertThat(schema.path("$id").asText()).isEqualTo("urn:license-relay:schema:" + name);
        assertThat(undescribed("", schema)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void noPublishedFieldChangesMeaningOrTypeOrDisappears(String name) throws Exception {
        JsonNode published = JSON.readTree(Files.readString(PUBLISHED.resolve(name + ".json")));
        JsonNode now = JSON.readTree(EventSchemas.text(name).orElseThrow());
        assertThat(
                        name.startsWith("sync.requested")
                                ? SchemaChanges.ofRead(published, now)
                                : SchemaChanges.ofWritten(published, now))
                .as("%s is not compatible with its consumers. Add new fields to %s as well", name, PUBLISHED)
                .isEmpty();
        assertThat(paths("", now))
                .as("fields of %s that are not in %s yet", name, PUBLISHED)
                .isSubsetOf(paths("", published));
    }

    @Test
    void everyReportStateHasAnEventType() {
        for (ReportState state : ReportState.values()) {
            String type = "io.licenserelay.report." + state.wireName() + ".v1";
            assertThat(EventSchemas.text(type).orElseThrow()).contains(type);
        }
        assertThat(EventSchemas.text("io.licenserelay.report.lost.v1")).isEmpty();
        assertThat(EventSchemas.text("../../etc/passwd")).isEmpty();
    }

    @Test
    void theAsyncApiDocumentHasEveryTopicAndNoBrokenReference() {
        JsonNode document = asyncApi();
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        List<String> topics = Stream.of(Topic.values()).map(Topic::key).toList();
        assertThat(document.path("channels").fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(topics);
        List<String> references = new ArrayList<>();
        document.findValuesAsText("$ref", references);
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
            } else {
                assertThat(EventSchemas.text(reference.replaceFirst("^\\./", "")))
                        .isPresent();
            }
        });
        for (String topic : topics) {
            assertThat(document.at("/channels/" + topic + "/address").asText()).isEqualTo("license-relay." + topic);
            assertThat(references).contains("#/channels/" + topic);
        }
        schemas().forEach(name -> assertThat(references).contains("./" + name + ".json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state vanished                      | {'properties':{'state':null}}",
                "count was [integer], is [string]    | {'properties':{'count':{'type':'string'}}}",
                "count was [integer], is [integer, null] | {'properties':{'count':{'type':['integer','null']}}}",
                "state was one of [a, b], is one of [a] | {'properties':{'state':{'enum':['a']}}}",
                "state was one of [a, b], is one of [a, b, c] | {'properties':{'state':{'enum':['a','b','c']}}}",
                "state is no longer always there     | {'required':['count']}",
                "state has another description       | {'properties':{'state':{'description':'The opposite.'}}}",
                "key has another maxLength           | {'properties':{'key':{'maxLength':300}}}",
                "key has another maxLength           | {'properties':{'key':{'maxLength':null}}}",
                "key has another pattern             | {'properties':{'key':{'pattern':'^b'}}}",
                "count has another minimum           | {'properties':{'count':{'minimum':-1}}}",
                "list[] was [string], is [object]    | {'properties':{'list':{'items':{'type':'object'}}}}",
                "inner.at has another format         | {'properties':{'inner':{'properties':{'at':{'format':'date'}}}}}",
                "inner.at vanished                   | {'properties':{'inner':{'properties':{'at':null}}}}",
                "labels.* was [string], is [number]  | {'properties':{'labels':{'additionalProperties':{'type':'number'}}}}",
                " has another rule                   | {'allOf':[]}"
            })
    void aChangeThatBreaksAConsumerIsDetected(String violation, String change) throws Exception {
        assertThat(SchemaChanges.ofWritten(example(), changed(change)))
                .hasSize(1)
                .first()
                .asString()
                .contains(violation.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'properties':{'more':{'type':'string'}}}",
                "{'required':['count','state','key']}",
                "{'properties':{'key':{'maxLength':200}}}",
                "{'properties':{'count':{'minimum':1}}}"
            })
    void aChangeThatOnlyAddsPromisesIsAllowed(String change) throws Exception {
        assertThat(SchemaChanges.ofWritten(example(), changed(change))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key is now required                | {'required':['count','state','key']}",
                "key has another maxLength           | {'properties':{'key':{'maxLength':200}}}",
                "state was one of [a, b], is one of [a] | {'properties':{'state':{'enum':['a']}}}",
                "count was [integer], is [string]    | {'properties':{'count':{'type':'string'}}}",
                "list vanished                       | {'properties':{'list':null}}"
            })
    void aChangeThatRejectsAFormerlyValidCommandIsDetected(String violation, String change) throws Exception {
        assertThat(SchemaChanges.ofRead(example(), changed(change)))
                .hasSize(1)
                .first()
                .asString()
                .contains(violation.strip());
    }

    private static ObjectNode example() throws Exception {
        return (ObjectNode) json("{'type':'object','required':['count','state'],'allOf':[{'not':{'required':['x']}}],"
                + "'properties':{'count':{'type':'integer','minimum':0},"
                + "'state':{'type':'string','description':'How it is.','enum':['a','b']},"
                + "'key':{'type':'string','pattern':'^a','maxLength':255},"
                + "'list':{'type':'array','items':{'type':'string'}},"
                + "'labels':{'type':'object','additionalProperties':{'type':'string'}},"
                + "'inner':{'type':'object','properties':{'at':{'type':'string','format':'date-time'}}}}}");
    }

    private static JsonNode changed(String change) throws Exception {
        ObjectNode schema = example();
        merge(schema, json(change));
        return schema;
    }

    /** RFC 7396. */
    private static void merge(ObjectNode target, JsonNode patch) {
        patch.fields().forEachRemaining(field -> {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue().isObject()
                    && target.path(field.getKey()).isObject()) {
                merge((ObjectNode) target.path(field.getKey()), field.getValue());
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }

    private static JsonNode json(String singleQuoted) throws Exception {
        return JSON.readTree(singleQuoted.replace('\'', '"'));
    }

    private static List<String> undescribed(String path, JsonNode schema) {
        List<String> names = new ArrayList<>();
        schema.path("properties").fields().forEachRemaining(field -> {
            String name = path + "/" + field.getKey();
            if (field.getValue().path("description").asText().isEmpty()
                    || field.getValue().path("type").isMissingNode()) {
                names.add(name);
            }
            names.addAll(undescribed(name, field.getValue()));
        });
        if (schema.has("items")) {
            names.addAll(undescribed(path + "[]", schema.path("items")));
        }
        return names;
    }

    private static List<String> paths(String path, JsonNode schema) {
        List<String> names = new ArrayList<>();
        schema.path("properties").fields().forEachRemaining(field -> {
            names.add(path + "/" + field.getKey());
            names.addAll(paths(path + "/" + field.getKey(), field.getValue()));
        });
        if (schema.has("items")) {
            names.addAll(paths(path + "[]", schema.path("items")));
        }
        return names;
    }

    private static JsonNode asyncApi() {
        return JSON.valueToTree(new Load(LoadSettings.builder().build())
                .loadFromString(EventSchemas.text("asyncapi.yaml").orElseThrow()));
    }
}
