package io.licenserelay.cli.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Entry> ENTRIES = Rules.packed().entries();

    /** A folder without configuration: the command needs only the catalogue. */
    @TempDir
    Path empty;

    @ParameterizedTest
    @ValueSource(strings = {"LIC3002", "lic3002"})
    void aCodeIsExplainedWithTheTextsOfTheCatalogue(String code) {
        CommandResult result = explain(code);
        Entry entry = Rules.packed().entry("LIC3002").orElseThrow();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .contains(
                        "LIC3002  The API client is registered for the other grant",
                        "  who acts  the administrators of SSM (ssm)",
                        "  severity  error initially",
                        "  more      urn:license-relay:LIC3002")
                .allMatch(line -> line.length() <= 100);
        assertThat(onOneLine(result.out()))
                .contains("proven when", "the client-credentials grant was accepted")
                .contains(onOneLine(entry.explain()))
                .contains(entry.remedy().stream()
                        .map(ExplainCommandTest::onOneLine)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIC5002", "LIC3006"})
    void anAlternativeThatOnlyAddsFindingsToAnotherIsNotPrinted(String code) {
        assertThat(explain(code).out().lines().filter(line -> line.contains(" proven when ")))
                .hasSize(1);
        assertThat(Rules.packed().rule(code).orElseThrow().when())
                .filteredOn(each -> each.confidence() == Confidence.PROVEN)
                .hasSize(2);
    }

    @Test
    void everyCodeOfTheCatalogueCanBeExplainedAtOnce() {
        String[] codes = ENTRIES.stream().map(Entry::code).toArray(String[]::new);
        CommandResult result = explain(codes);
        assertThat(result.exitCode()).isZero();
        ENTRIES.forEach(entry -> assertThat(onOneLine(result.out()))
                .contains(entry.code() + " " + onOneLine(entry.title()) + " who acts"));
    }

    @Test
    void withoutACodeAllCausesAreListedOnePerLine() {
        CommandResult result = explain();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).hasSize(1 + ENTRIES.size());
        ENTRIES.forEach(entry -> assertThat(result.out())
                .containsPattern(
                        "(?m)^" + entry.code() + " +" + entry.severity().wireName() + " +" + entry.owner()));
    }

    @Test
    void jsonHasEveryConditionOfACauseAndTheMeaningOfItsFindings() throws Exception {
        JsonNode answer = JSON.readTree(explain("--json", "LIC3002", "LIC1001").out());
        assertThat(answer.path("causes")).hasSize(2);
        JsonNode first = answer.at("/causes/0");
        Rules.packed().rule("LIC3002").orElseThrow().when().forEach(condition -> assertThat(first.path("when"))
                .anyMatch(each -> each.path("confidence")
                                .asText()
                                .equals(condition.confidence().wireName())
                        && each.path("all").size() == condition.all().size()));
        assertThat(first.path("doc").asText()).isEqualTo("urn:license-relay:LIC3002");
        assertThat(answer.at("/causes/1/code").asText()).isEqualTo("LIC1001");
        assertThat(answer.at("/findings/dns.nxdomain").asText()).contains("does not exist");
    }

    @Test
    void allUnknownCodesAreReportedWithSimilarCodesAndNothingIsExplained() {
        CommandResult result = explain("LIC1001", "LIC3012", "grant");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("Unknown code LIC3012. Similar codes:", "  LIC3002  The API client")
                .contains("Unknown code GRANT. \"license-relay explain\" lists all codes.")
                .doesNotContain("LIC1001  ");
    }

    @Test
    void customRulesAndDocumentationPagesAreUsed() throws Exception {
        Files.writeString(
                empty.resolve("application.properties"), "relay.docs.base=https://wiki.example.net/causes/\n");
        Files.writeString(empty.resolve("diagnoses.yaml"), """
                - { code: LIC9999, title: Unknown, severity: error, owner: relay, remedy: [Look.], explain: Not known. }
                - code: LIC8888
                  title: Ours
                  severity: info
                  owner: network
                  when: [ { all: [tcp.refused], none: [tcp.timeout], confidence: likely } ]
                  remedy: [Call us.]
                  explain: A rule of ours.
                """);
        assertThat(explain("LIC8888").out())
                .contains("  who acts  the network team (network)", "  flows     all flows")
                .contains("  evidence  likely when every address refuses connections; unless no address answers")
                .contains("  more      https://wiki.example.net/causes/LIC8888");
        assertThat(explain().out().lines()).hasSize(3);
    }

    @Test
    void customCausesAreShownWithTheirFile(@TempDir Path pages) throws Exception {
        Path file = Files.createDirectories(empty.resolve("diagnoses.d")).resolve("10-own.yaml");
        Files.writeString(file, """
                logs:
                  - { finding: local.disk-full, source: ssm, pattern: No space, phrase: SSM says that its disk is full }
                causes:
                  - code: LOCAL0001
                    title: The disk of SSM is full
                    severity: error
                    owner: ssm
                    when: [ { all: [local.disk-full], confidence: likely } ]
                    remedy: [Free space.]
                    explain: SSM cannot write.
                  - code: LIC4001
                    title: SSM is down
                    severity: error
                    owner: ssm
                    when: [ { all: [http.unavailable], confidence: likely } ]
                    remedy: [Call us.]
                    explain: SSM is down.
                """);
        assertThat(explain().out())
                .containsPattern("(?m)^CODE +SEVERITY +WHO ACTS +CAUSE +FROM$")
                .containsPattern("(?m)^LIC4001 .* diagnoses.d/10-own.yaml \\(replaced\\)$")
                .containsPattern("(?m)^LOCAL0001 .* diagnoses.d/10-own.yaml \\(added\\)$")
                .containsPattern("(?m)^LIC4002 .*[^)]$");
        assertThat(explain("local0001").out())
                .contains("  evidence  likely when SSM says that its disk is full")
                .contains("  from      diagnoses.d/10-own.yaml, line 4, added");
        assertThat(explain("LIC4001").out())
                .contains("  from      diagnoses.d/10-own.yaml, line 11, in the place of the packed entry");
        JsonNode answer =
                JSON.readTree(explain("--json", "LOCAL0001", "LIC4002").out());
        assertThat(answer.at("/causes/0/origin").toString())
                .isEqualTo("{\"file\":\"diagnoses.d/10-own.yaml\",\"line\":4,\"effect\":\"added\"}");
        assertThat(answer.at("/causes/1").has("origin")).isFalse();
        assertThat(answer.at("/findings/local.disk-full").asText()).isEqualTo("SSM says that its disk is full");

        assertThat(explain("--pages", pages.toString()).exitCode()).isZero();
        assertThat(pages.resolve("LOCAL0001.md"))
                .content()
                .contains(
                        "| from | diagnoses.d/10-own.yaml, line 4, added |",
                        "| `local.disk-full` | SSM says that its disk is full |");
        assertThat(pages.resolve("README.md")).content().contains("[LOCAL0001](LOCAL0001.md)");
        assertThat(pages.resolve("LIC4002.md")).content().doesNotContain("| from |");
    }

    @Test
    void invalidRulesAreReportedWithTheirLine() throws Exception {
        Files.writeString(empty.resolve("diagnoses.yaml"), "- { code: LIC1 }\n");
        CommandResult result = explain();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("diagnoses.yaml:1: \"code\" in cause 1: \"LIC1\" is not a valid code");
    }

    private CommandResult explain(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "explain";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--config";
        all[all.length - 1] = empty.toString();
        return CommandResult.of(all);
    }

    private static String onOneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
