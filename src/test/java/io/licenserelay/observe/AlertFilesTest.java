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
import java.util.Map;
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
        List<Map<?, ?>> rules = rules();
        assertThat(rules).hasSizeGreaterThan(10).allSatisfy(rule -> {
            assertThat(rule.get("alert")).asString().startsWith("LicenseRelay");
            assertThat(rule.get("expr")).asString().isNotBlank();
            assertThat(((Map<?, ?>) rule.get("annotations")).get("summary"))
                    .asString()
                    .isNotBlank();
        });
        Set<String> names =
                rules.stream().map(rule -> String.valueOf(rule.get("alert"))).collect(Collectors.toSet());
        assertThat(names).hasSameSizeAs(rules);
        assertThat(tested()).isEqualTo(names);
    }

    @Test
    void theScrapeConfigurationNamesTheRulesAndTheirJob() throws IOException {
        Map<?, ?> configuration = yaml("prometheus.yml");
        assertThat(configuration.get("rule_files")).asString().isEqualTo("[alerts.yaml]");
        Object job = ((Map<?, ?>) ((List<?>) configuration.get("scrape_configs")).get(0)).get("job_name");
        assertThat(rules().get(0).get("expr")).asString().contains("job=\"" + job + "\"");
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

    private static List<Map<?, ?>> rules() throws IOException {
        List<Map<?, ?>> rules = new ArrayList<>();
        for (Object group : (List<?>) yaml("alerts.yaml").get("groups")) {
            ((List<?>) ((Map<?, ?>) group).get("rules")).forEach(rule -> rules.add((Map<?, ?>) rule));
        }
        return rules;
    }

    private static Set<String> tested() throws IOException {
        Set<String> tested = new HashSet<>();
        for (Object test : (List<?>) yaml("alerts.test.yaml").get("tests")) {
            for (Object each : (List<?>) ((Map<?, ?>) test).get("alert_rule_test")) {
                Map<?, ?> rule = (Map<?, ?>) each;
                if (!((List<?>) rule.get("exp_alerts")).isEmpty()) {
                    tested.add(String.valueOf(rule.get("alertname")));
                }
            }
        }
        return tested;
    }

    private static Map<?, ?> yaml(String name) throws IOException {
        return (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(PROMETHEUS.resolve(name)));
    }
}
