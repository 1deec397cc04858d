package io.licenserelay.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Rules for the route files: every part has a description, and the YAML has Camel's canonical form, which editors also write. */
class RouteYamlTest {
    private static final Set<String> LANGUAGES = Set.of("constant", "simple", "method", "header", "exchangeProperty");
    private static final int MAX_LINES = 80;

    /** A comparison with a word, or a class test, in a condition. Such a condition must be a named Java method. */
    private static final Pattern UNNAMED = Pattern.compile("[=!]= ?['\"]|\\bis '|\\bcontains\\b|\\bregex\\b");

    private static final Set<String> NEED_EXPRESSION =
            Set.of("setBody", "setProperty", "setVariable", "setHeader", "split", "filter", "delay", "loop", "when");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void theFolderContainsOnlyRouteFiles() throws IOException {
        assertThat(files()).hasSizeGreaterThan(7).allSatisfy(file -> assertThat(
                        file.getFileName().toString())
                .matches("\\d\\d(-[a-z]+)+\\.camel\\.yaml"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyEntryHasIdAndDescription(Path file) throws IOException {
        for (Map<?, ?> entry : entries(Files.readString(file))) {
            entry.forEach((kind, value) -> {
                Map<?, ?> what = (Map<?, ?>) value;
                assertThat(what.get("description")).as("%s in %s", kind, file).isInstanceOf(String.class);
                boolean defaultErrorHandler =
                        kind.equals("routeConfiguration") && file.endsWith("00-errors.camel.yaml");
                assertThat(what.containsKey("id")).as("%s in %s", kind, file).isEqualTo(!defaultErrorHandler);
                if (what.get("parameters") instanceof List<?> parameters) {
                    assertThat(parameters).allSatisfy(parameter -> assertThat((Map<?, ?>) parameter)
                            .extracting(each -> each.get("description"))
                            .as("%s in %s", parameter, file)
                            .isInstanceOf(String.class));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileFitsOnOnePage(Path file) throws IOException {
        assertThat(Files.readAllLines(file)).as("%s", file).hasSizeLessThanOrEqualTo(MAX_LINES);
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyStepAndBranchHasIdAndDescription(Path file) throws IOException {
        assertThat(withoutIdOrDescription(Files.readString(file)))
                .as("%s", file)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- route: { from: { uri: 'direct:x', steps: [ { to: { id: a, uri: 'direct:y' } } ] } }",
                "- route: { from: { uri: 'direct:x', steps: [ { to: { description: a, uri: 'direct:y' } } ] } }",
                "- route: { from: { uri: 'direct:x', steps: [ { to: { id: a, description: '', uri: 'direct:y' } } ] } }",
                "- route: { from: { steps: [ { choice: { id: a, description: b, when: [ { id: c } ] } } ] } }",
                "- route: { from: { steps: [ { choice: { id: a, description: b, otherwise: { steps: [] } } } ] } }",
                "- route: { from: { steps: [ { doTry: { id: a, description: b, doCatch: [ { id: c } ] } } ] } }",
                "- routeTemplate: { route: { from: { steps: [ { filter: { steps: [] } } ] } } }",
                "- routeConfiguration: { onException: [ { onException: { steps: [ { log: { message: a } } ] } } ] }"
            })
    void aStepWithoutIdOrDescriptionIsDetected(String yaml) {
        assertThat(withoutIdOrDescription(yaml)).isNotEmpty();
    }

    /** Steps of every kind, and the branches of a choice and of a doTry. */
    private static List<String> withoutIdOrDescription(String yaml) {
        return nodes(yaml)
                .filter(node -> !isText(node.content.get("id")) || !isText(node.content.get("description")))
                .map(node -> node.kind + " " + node.content)
                .toList();
    }

    private static boolean isText(@Nullable Object value) {
        return value instanceof String text && !text.isBlank();
    }

    private record Node(String kind, Map<?, ?> content) {}

    private static Stream<Node> nodes(String yaml) {
        List<Node> found = new ArrayList<>();
        entries(yaml).forEach(entry -> collect(entry, found));
        return found.stream();
    }

    private static void collect(Object node, List<Node> found) {
        if (node instanceof List<?> list) {
            list.forEach(each -> collect(each, found));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                switch (String.valueOf(key)) {
                    case "steps" ->
                        ((List<?>) value).forEach(step -> ((Map<?, ?>) step)
                                .forEach((kind, of) -> found.add(new Node(String.valueOf(kind), (Map<?, ?>) of))));
                    case "when", "doCatch" ->
                        ((List<?>) value).forEach(of -> found.add(new Node(String.valueOf(key), (Map<?, ?>) of)));
                    case "otherwise", "doFinally" -> found.add(new Node(String.valueOf(key), (Map<?, ?>) value));
                    default -> {}
                }
                collect(value, found);
            });
        }
    }

    @Test
    void idsAreUniqueAcrossAllFiles() throws IOException {
        Set<Object> ids = new HashSet<>();
        for (Path file : files()) {
            String yaml = Files.readString(file);
            Stream<Object> ofRoutes = entries(yaml).stream()
                    .flatMap(entry -> entry.values().stream())
                    .map(value -> ((Map<?, ?>) value).get("id"));
            Stream<Object> ofSteps = nodes(yaml).map(node -> node.content.get("id"));
            assertThat(Stream.concat(ofRoutes, ofSteps).filter(Objects::nonNull))
                    .allSatisfy(id ->
                            assertThat(ids.add(id)).as("%s in %s", id, file).isTrue());
            // The ids of routes that are made for a site have one.
            assertThat(ids).noneMatch(id -> id.toString().contains("."));
        }
    }

    /** Conditions are named methods such as {@code sendsByApi}; the compared words and classes belong to Java. */
    @ParameterizedTest
    @MethodSource("files")
    void conditionsHaveNames(Path file) throws IOException {
        assertThat(unnamedConditions(Files.readString(file))).as("%s", file).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expression: \"${variable.task.site.reports.push} == 'API'\"",
                "expression: \"${variable.account.listed} && ${variable.task.site.ssm.api} != 'CSSM'\"",
                "expression: \"${body} is 'io.licenserelay.reports.SubmissionAnswer$Rejected'\""
            })
    void anUnnamedConditionIsDetected(String expression) {
        assertThat(unnamedConditions(expression)).isNotEmpty();
    }

    private static List<String> unnamedConditions(String yaml) {
        return yaml.lines()
                .filter(line -> line.strip().startsWith("expression: "))
                .filter(line -> UNNAMED.matcher(line).find())
                .toList();
    }

    /** Kaoto and other editors check a file with this schema. It is part of Camel's YAML reader. */
    @ParameterizedTest
    @MethodSource("files")
    void everyFileIsValidAgainstCamelsSchema(Path file) throws IOException {
        assertThat(schemaViolations(Files.readString(file))).as("%s", file).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- rout: { from: { uri: 'direct:x', steps: [] } }",
                "- route: { from: { uri: 'direct:x', steps: [ { sendo: { uri: 'direct:y' } } ] } }",
                "- route: { from: { uri: 'direct:x', steps: [ { log: { mesage: a } } ] } }",
                "- route: { from: { steps: [] } }"
            })
    void aSchemaViolationIsDetected(String yaml) throws IOException {
        assertThat(schemaViolations(yaml)).isNotEmpty();
    }

    private static Set<ValidationMessage> schemaViolations(String yaml) throws IOException {
        return Schema.OF_CAMEL.validate(Schema.YAML.readTree(yaml));
    }

    /** Loaded once because the schema is large. */
    private static final class Schema {
        static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
        static final JsonSchema OF_CAMEL =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(read());

        private static InputStream read() {
            return Objects.requireNonNull(RouteYamlTest.class.getResourceAsStream("/schema/camelYamlDsl.json"));
        }
    }

    /** The relay passes its data as variables, which a reader can follow. Exchange properties belong to Camel. */
    @ParameterizedTest
    @MethodSource("files")
    void exchangePropertiesCarryNoRelayData(Path file) throws IOException {
        assertThat(foreignProperties(Files.readString(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- setProperty: { name: site }",
                "- removeProperties: { pattern: '(asked|answered)' }",
                "simple: { expression: '${exchangeProperty.site.name}' }",
                "exchangeProperty: { expression: site }"
            })
    void relayDataInAnExchangePropertyIsDetected(String yaml) {
        assertThat(foreignProperties(yaml)).isNotEmpty();
    }

    private static List<String> foreignProperties(String yaml) {
        Pattern foreign = Pattern.compile(
                "exchangeProperty[.:](?!Camel).*|remove(Property|Properties):.*|setProperty:\\s*\\{?\\s*name: (?!Camel).*");
        return foreign.matcher(yaml).results().map(MatchResult::group).toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void theYamlFormIsCanonical(Path file) throws IOException {
        assertThat(shortForms(Files.readString(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- route: { from: 'direct:x' }",
                "- from: { uri: 'direct:x', steps: [] }",
                "- route: { from: { uri: 'direct:x?a=b', steps: [] } }",
                "- route: { from: { uri: 'direct:x', steps: [ { to: 'direct:y' } ] } }",
                "- route: { from: { uri: 'direct:x', steps: [ { setBody: { simple: { expression: a } } } ] } }",
                "- route: { from: { uri: 'direct:x', steps: [ { setBody: { expression: { simple: a } } } ] } }"
            })
    void aShortFormIsDetected(String yaml) {
        assertThat(shortForms(yaml)).isNotEmpty();
    }

    private static List<String> shortForms(String yaml) {
        List<String> found = new ArrayList<>();
        for (Map<?, ?> entry : entries(yaml)) {
            if (!Set.of("rest", "route", "routeTemplate", "routeConfiguration").containsAll(entry.keySet())) {
                found.add(entry.keySet() + " at the top");
            }
            walk("", entry, found);
        }
        return found;
    }

    private static void walk(String path, Object node, List<String> found) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                String here = path + "/" + key;
                check(here, String.valueOf(key), value, found);
                walk(here, value, found);
            });
        } else if (node instanceof List<?> list) {
            list.forEach(each -> walk(path, each, found));
        }
    }

    private static void check(String here, String key, Object value, List<String> found) {
        boolean isMap = value instanceof Map<?, ?>;
        // The key "method" of a bean step is also the name of a language.
        boolean language =
                LANGUAGES.contains(key) && !here.endsWith("/method/method") && !here.endsWith("/bean/method");
        if ((language || key.equals("from")) && !isMap) {
            found.add(here + " has the short form");
        }
        if (key.equals("steps")) {
            for (Object step : (List<?>) value) {
                if (((Map<?, ?>) step).values().stream().anyMatch(each -> !(each instanceof Map<?, ?>))) {
                    found.add(here + " has a short step: " + step);
                }
            }
        }
        if (NEED_EXPRESSION.contains(key) && isMap && !((Map<?, ?>) value).containsKey("expression")) {
            found.add(here + " has no expression");
        }
        if (key.equals("uri") && String.valueOf(value).contains("?")) {
            found.add(here + " has its parameters in the URI");
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<?, ?>> entries(String yaml) {
        return (List<Map<?, ?>>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }
}
