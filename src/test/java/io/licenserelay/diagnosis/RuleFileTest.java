package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.licenserelay.evidence.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleFileTest {
    private static final String FALLBACK = """
            - code: LIC9999
              title: Not diagnosed
              severity: error
              owner: relay
              remedy: [Look at the evidence.]
              explain: No rule fits.
            """;

    private Path folder;

    @BeforeEach
    void useFolder(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void anOperatorsRuleWorksWithoutABuild() throws IOException {
        String own = Files.readString(Path.of("config/diagnoses.yaml")) + """

                - code: LIC3901
                  title: Our gateway asks for a login
                  severity: warning
                  owner: network
                  flows: [pull]
                  when:
                    - { all: [answer.html, tcp.connected], none: [http.unavailable], confidence: proven }
                  remedy: [Open the gateway for this host.]
                  explain: The gateway before SSM answers with its login page.
                """;
        Rules rules = Rules.read(write(own));
        Diagnosis diagnosis = rules.diagnose(Given.pull("answer.html", "tcp.connected"));
        assertThat(diagnosis.code()).isEqualTo("LIC3901");
        assertThat(diagnosis.remedy()).containsExactly("Open the gateway for this host.");
        assertThat(diagnosis.others()).extracting(Diagnosis.Other::code).containsExactly("LIC4005");
    }

    @Test
    void aRuleMayUseAFindingOfAnOperatorsProbe() throws IOException {
        String own = Files.readString(Path.of("config/diagnoses.yaml")) + """

                - code: LIC0001
                  title: SSM is under announced maintenance
                  severity: warning
                  owner: ssm
                  when:
                    - { all: [custom.maintenance], confidence: proven }
                  remedy: [Wait until it is over.]
                  explain: Its operators announced it.
                """;
        assertThat(Rules.read(write(own))
                        .diagnose(Given.pull("custom.maintenance"))
                        .code())
                .isEqualTo("LIC0001");
        BadRules bad = catchThrowableOfType(
                BadRules.class, () -> Rules.read(write(own.replace("custom.maintenance", "custom.In Words"))));
        assertThat(bad).hasMessageContaining("\"custom.In Words\" is unknown");
    }

    @Test
    void aCatalogueMayContainLogPatternsAndOperatorCodes() throws IOException {
        String own = """
                logs:
                  - { finding: local.disk-full, source: any, pattern: No space left, phrase: The disk is full }
                causes:
                """ + (FALLBACK + FALLBACK.replace("LIC9999", "LOCAL9999") + """
                  when: [ { all: [local.disk-full], confidence: likely } ]
                """).indent(2);
        Rules rules = Rules.read(write(own));
        assertThat(rules.diagnose(Given.pull("local.disk-full")).code()).isEqualTo("LOCAL9999");
        assertThat(rules.logs()).hasSize(1);
        String many = own.replace(
                "causes:",
                own.lines().skip(1).findFirst().orElseThrow().concat("\n").repeat(100) + "causes:");
        assertThatThrownBy(() -> Rules.read(write(many)))
                .isInstanceOf(BadRules.class)
                .hasMessageContaining(":1: more than 100 entries in logs:");
    }

    @Test
    void anEntryIsFoundByItsCode() {
        Entry entry = Rules.packed().entry("LIC3002").orElseThrow();
        assertThat(entry.title()).isEqualTo("The API client is registered for the other grant");
        assertThat(entry.severity()).isEqualTo(Severity.ERROR);
        assertThat(entry.owner()).isEqualTo("ssm");
        assertThat(entry.flows()).containsExactlyInAnyOrder(Flow.PULL, Flow.PUSH, Flow.MANAGER);
        assertThat(entry.remedy()).anyMatch(step -> step.contains("API Tool Kit"));
        assertThat(entry.explain()).contains("exactly one grant").doesNotContain("\n");
        assertThat(Rules.packed().entry("LIC0000")).isEmpty();
    }

    @Test
    void thePackedCatalogueIsTheOneInTheConfigFolder() {
        assertThat(Rules.packed().entries())
                .isEqualTo(Rules.read(Path.of("config/diagnoses.yaml")).entries());
    }

    @Test
    void allProblemsAreReportedTogetherWithTheirLines() throws IOException {
        Path file = write("""
                - code: LIC301
                  title: Short
                  severity: eror
                  owner: cisko
                  flows: [pul]
                  when:
                    - { all: [dns.resolvd], confidence: sure }
                    - { none: [dns.resolved], confidence: proven }
                    - { all: [dns.resolved], none: [dns.resolved], confidence: proven }
                  ruledOutBy: [no-such-thing-at-all]
                  remedi: [Do it.]
                  explain: ""
                - code: LIC4001
                  code: LIC4001
                  title: [not, a, text]
                  severity: error
                  owner: ssm
                  when: dns.resolved
                  remedy: [" "]
                  explain: Why.
                - LIC4002
                - code: LIC4001
                  title: Again
                  severity: error
                  owner: ssm
                  when: [{ any: [dns.resolved] }]
                  remedy: [Do it.]
                  explain: Why.
                """);
        BadRules bad = catchThrowableOfType(BadRules.class, () -> Rules.read(file));
        assertThat(bad.problems())
                .extracting(Object::toString)
                .map(problem -> problem.substring(file.toString().length() + 1))
                .containsExactly(
                        "1: \"code\" in cause 1: \"LIC301\" is not a valid code; write LIC and four digits, as in LIC3002; your own causes use LOCAL0001 to LOCAL9999",
                        "1: no remedy in cause 1; write at least one step that fixes it",
                        "1: no entry LIC9999; add it: the relay reports it if no rule matches",
                        "3: \"severity\" in cause 1: \"eror\" is unknown; did you mean \"error\"?",
                        "4: \"owner\" in cause 1: \"cisko\" is unknown; did you mean \"cisco\"?",
                        "5: \"flows\" in cause 1: \"pul\" is unknown; did you mean \"pull\"?",
                        "7: \"all\" in entry 1 of when in cause 1: \"dns.resolvd\" is unknown; did you mean \"dns.resolved\"?",
                        "7: \"confidence\" in entry 1 of when in cause 1: \"sure\" is unknown; available: proven, likely, possible",
                        "8: neither all nor any in entry 2 of when in cause 1; name a finding: this would always hold",
                        "9: a condition that never holds in entry 3 of when in cause 1; a finding in all or any must not be in none",
                        "10: \"ruledOutBy\" in cause 1: \"no-such-thing-at-all\" is unknown; remove it",
                        "11: unknown key \"remedi\" in cause 1; did you mean \"remedy\"?",
                        "12: \"explain\" in cause 1: the value is empty; write a text",
                        "14: key \"code\" occurs twice in cause 2; keep one of the two",
                        "15: \"title\" in LIC4001 is not one value; write one value",
                        "18: \"when\" in LIC4001 is not a block of keys; write a block of keys",
                        "19: \"remedy\" in LIC4001: the value is empty; write a text",
                        "21: cause 3 is not a block of keys; write a block of keys",
                        "22: the code of line 13 is used again in LIC4001; use another code",
                        "26: \"confidence\" is missing in entry 1 of when in LIC4001; write proven, likely or possible");
        assertThat(bad)
                .hasMessageContaining(file + ":7: \"all\" in entry 1 of when in cause 1: \"dns.resolvd\" is unknown");
    }

    @Test
    void explainsMustBeTrueOrFalse() throws IOException {
        Path file = write(FALLBACK + "  explains: maybe\n");
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(BadRules.class)
                .hasMessageEndingWith(
                        ":7: \"explains\" in LIC9999: \"maybe\" is neither true nor false; write true or false");
        Rules rules = Rules.read(write(FALLBACK + "  explains: false\n"));
        assertThat(rules.entry("LIC9999").orElseThrow().explains()).isFalse();
    }

    @Test
    void invalidYamlIsReportedWithItsLine() throws IOException {
        Path file = write(FALLBACK + "  when: [\n");
        assertThat(catchThrowableOfType(BadRules.class, () -> Rules.read(file)).problems())
                .anySatisfy(problem -> {
                    assertThat(problem.line()).isGreaterThanOrEqualTo(7);
                    assertThat(problem.message()).startsWith("not valid YAML: ");
                });
    }

    @Test
    void aFileThatIsNotAListIsRejected() throws IOException {
        Path file = write("LIC3002: {}\n");
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(BadRules.class)
                .hasMessageContaining("the file is not a list of causes");
    }

    @Test
    void aMissingFileIsReported() {
        Path missing = folder.resolve("none.yaml");
        assertThatThrownBy(() -> Rules.read(missing))
                .isInstanceOf(BadRules.class)
                .hasMessageStartingWith(missing + ": cannot be read");
    }

    @Test
    void aFileLargerThanOneMebibyteIsRejected() throws IOException {
        Path file = write(FALLBACK + "#".repeat(1 << 20));
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(BadRules.class)
                .hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    void theFallbackMustHaveNoConditions() throws IOException {
        Path file = write(FALLBACK + "  when: [{ all: [dns.resolved], confidence: proven }]\n");
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(BadRules.class)
                .hasMessageContaining(":7: a condition in LIC9999; remove it");
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("diagnoses.yaml"), yaml);
    }
}
