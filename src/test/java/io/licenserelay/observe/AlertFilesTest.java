package io.licenserelay.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files for Prometheus and Grafana are complete; {@link ManagementIT} compares their metrics with a real scrape. */
class AlertFilesTest {
    private static final Path PROMETHEUS = Path.of("docker/prometheus");

    @Test
    void everyRuleHasAnExpressionASummaryAndATest() throws IOException {
        List<JsonNode> rules = rules();
        assertThat(rules).hasSizeGreaterThan(10).allSatisfy(rule -> {
            assertThat(rule.path("alert").asText()).startsWith("LicenseRelay");
            assertThat(rule.path("expr").asText()).isNotBlank();
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
        });
        Set<String> names =
                rules.stream().map(rule -> rule.path("alert").asText()).collect(Collectors.toSet());
        assertThat(names).hasSameSizeAs(rules);
        assertThat(tested()).isEqualTo(names);
    }

    @Test
    void theScrapeConfigurationNamesTheRulesAndTheirJob() throws IOException {
        JsonNode configuration = yaml("prometheus.yml");
        assertThat(configuration.path("rule_files"))
                .extracting(JsonNode::asText)
                .containsExactly("alerts.yaml");
        String job = configuration.at("/scrape_configs/0/job_name").asText();
        assertThat(rules().get(0).path("expr").asText()).contains("job=\"" + job + "\"");
    }

    @Test
    void everyPanelHasItsOwnIdAPlaceOfItsOwnADescriptionAndAQuery() throws IOException {
        JsonNode dashboard = Json.MAPPER.readTree(Files.readString(Path.of("docker/grafana/license-relay.json")));
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(15).allSatisfy(panel -> {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(panel.path("description").asText()).isNotBlank();
            assertThat(panel.path("targets")).isNotEmpty().allSatisfy(target -> assertThat(
                            target.path("expr").asText())
                    .contains("job=\"$job\""));
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    int column = place.path("x").asInt() + x;
                    assertThat(column).isLessThan(24);
                    assertThat(cells.add(column + "/" + (place.path("y").asInt() + y)))
                            .isTrue();
                }
            }
        });
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        yaml("alerts.yaml").path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private static Set<String> tested() throws IOException {
        Set<String> tested = new HashSet<>();
        for (JsonNode test : yaml("alerts.test.yaml").path("tests")) {
            for (JsonNode rule : test.path("alert_rule_test")) {
                if (!rule.path("exp_alerts").isEmpty()) {
                    tested.add(rule.path("alertname").asText());
                }
            }
        }
        return tested;
    }

    private static JsonNode yaml(String name) throws IOException {
        return Json.MAPPER.valueToTree(
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(PROMETHEUS.resolve(name))));
    }
}
