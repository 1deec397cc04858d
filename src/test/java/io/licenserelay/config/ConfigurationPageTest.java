package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.fixture.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration page lists the keys that the readers accept, with their defaults. RelaySchemaTest compares the schema with the reader. */
class ConfigurationPageTest {
    private static final int KEY = 0;
    private static final int DEFAULT = 2;
    private static final int VARIABLE = 4;

    private final MarkdownPage page = MarkdownPage.read(Path.of("docs/configuration.md"));

    ConfigurationPageTest() throws IOException {}

    @Test
    void thePageListsExactlyTheKeysOfRelayYaml(@TempDir Path folder) throws Exception {
        assertThat(page.rows("relay.yaml").stream().map(row -> MarkdownPage.code(row.get(KEY))))
                .containsOnlyOnceElementsOf(KnownKeys.read(folder).stream()
                        .filter(key -> !key.startsWith("logs[]."))
                        .toList());
        assertThat(page.rows("relay.yaml").stream()
                        .map(row -> MarkdownPage.code(row.get(KEY)))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(KnownKeys.read(folder));
    }

    @Test
    void thePageListsExactlyTheSettingsWithTheirVariables() {
        List<List<String>> rows = page.rows("application.properties");
        assertThat(rows.stream().map(row -> MarkdownPage.code(row.get(KEY))))
                .containsExactlyInAnyOrderElementsOf(SettingsReader.keys());
        assertThat(rows).allSatisfy(row -> assertThat(MarkdownPage.code(row.get(VARIABLE)))
                .isEqualTo(SettingsReader.variable(MarkdownPage.code(row.get(KEY)))));
    }

    @Test
    void thePageHasTheDefaultsOfTheSchema() {
        assertThat(page.rows("relay.yaml").stream()
                        .filter(row -> !MarkdownPage.code(row.get(DEFAULT)).isEmpty())
                        .filter(row -> !row.get(DEFAULT).startsWith("`reports.devices.")))
                .hasSizeGreaterThan(40)
                .allSatisfy(row -> assertThat(schemaOf(MarkdownPage.code(row.get(KEY)))
                                .path("default")
                                .asText())
                        .as(row.get(KEY))
                        .isEqualTo(MarkdownPage.code(row.get(DEFAULT))));
    }

    /** The schema of a key. For a key of a log, the schema of the alternative that has a default. */
    private static JsonNode schemaOf(String key) {
        JsonNode node = RelaySchema.site();
        for (String name : key.split("\\.")) {
            JsonNode property = node.at("/properties/" + name.replace("[]", ""));
            if (property.isMissingNode()) {
                String last = name;
                for (JsonNode alternative : node.path("oneOf")) {
                    if (alternative.at("/properties/" + last).has("default")) {
                        property = alternative.at("/properties/" + last);
                    }
                }
            }
            node = name.endsWith("[]") ? property.path("items") : property;
        }
        return node;
    }

    @Test
    void thePageHasTheDefaultsOfTheShippedSettings() throws IOException {
        List<String> shipped = Files.readAllLines(Path.of("config/application.properties"));
        assertThat(page.rows("application.properties").stream()
                        .filter(row -> !row.get(DEFAULT).equals("none")))
                .allSatisfy(row -> assertThat(shipped)
                        .contains("#" + MarkdownPage.code(row.get(KEY)) + "=" + MarkdownPage.code(row.get(DEFAULT))));
    }
}
