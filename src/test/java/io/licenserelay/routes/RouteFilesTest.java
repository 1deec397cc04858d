package io.licenserelay.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The route files as a reader meets them: described, and in Camel's canonical form, which editors write too. */
class RouteFilesTest {
    private static final Set<String> LANGUAGES = Set.of("constant", "simple", "method", "header", "exchangeProperty");
    private static final Set<String> NEED_EXPRESSION =
            Set.of("setBody", "setProperty", "setVariable", "setHeader", "split", "filter", "delay", "loop", "when");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void thereAreRouteFilesAndNothingElse() throws IOException {
        assertThat(files())
                .hasSizeGreaterThan(7)
                .allSatisfy(file -> assertThat(file.getFileName().toString()).matches("\\d\\d-[a-z]+\\.camel\\.yaml"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everythingIsDescribedAndNamed(Path file) throws IOException {
        for (Map<?, ?> entry : entries(Files.readString(file))) {
            entry.forEach((kind, value) -> {
                Map<?, ?> what = (Map<?, ?>) value;
                assertThat(what.get("description")).as("%s in %s", kind, file).isInstanceOf(String.class);
                boolean net = kind.equals("routeConfiguration") && file.endsWith("00-errors.camel.yaml");
                assertThat(what.containsKey("id")).as("%s in %s", kind, file).isEqualTo(!net);
                if (what.get("parameters") instanceof List<?> parameters) {
                    assertThat(parameters).allSatisfy(parameter -> assertThat((Map<?, ?>) parameter)
                            .extracting(each -> each.get("description"))
                            .as("%s in %s", parameter, file)
                            .isInstanceOf(String.class));
                }
            });
        }
    }

    @Test
    void idsAreUniqueOverAllFiles() throws IOException {
        Set<Object> ids = new HashSet<>();
        for (Path file : files()) {
            for (Map<?, ?> entry : entries(Files.readString(file))) {
                for (Object value : entry.values()) {
                    Object id = ((Map<?, ?>) value).get("id");
                    assertThat(id == null || ids.add(id))
                            .as("%s in %s", id, file)
                            .isTrue();
                }
            }
        }
    }

    /** Data of the relay travels as variables, of which a reader sees where each goes; properties are Camel's own. */
    @ParameterizedTest
    @MethodSource("files")
    void noDataTravelsAsAnExchangeProperty(Path file) throws IOException {
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
    void dataInAnExchangePropertyIsNoticed(String yaml) {
        assertThat(foreignProperties(yaml)).isNotEmpty();
    }

    private static List<String> foreignProperties(String yaml) {
        Pattern foreign = Pattern.compile(
                "exchangeProperty[.:](?!Camel).*|remove(Property|Properties):.*|setProperty:\\s*\\{?\\s*name: (?!Camel).*");
        return foreign.matcher(yaml).results().map(MatchResult::group).toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void theFormIsCanonical(Path file) throws IOException {
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
    void aShortFormIsNoticed(String yaml) {
        assertThat(shortForms(yaml)).isNotEmpty();
    }

    private static List<String> shortForms(String yaml) {
        List<String> found = new ArrayList<>();
        for (Map<?, ?> entry : entries(yaml)) {
            if (!Set.of("route", "routeTemplate", "routeConfiguration").containsAll(entry.keySet())) {
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
        // A bean's method has the name of a language.
        boolean language =
                LANGUAGES.contains(key) && !here.endsWith("/method/method") && !here.endsWith("/bean/method");
        if ((language || key.equals("from")) && !isMap) {
            found.add(here + " is written short");
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
