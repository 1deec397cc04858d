package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.licenserelay.diagnosis.BadRules.Problem;
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
    void anOperatorsOwnRuleWorksWithoutABuild() throws IOException {
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
    void aRuleMayRestOnAFindingOfAnOperatorsOwnProbe() throws IOException {
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
        assertThat(bad).hasMessageContaining("unknown finding 'custom.In Words'");
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
    void everythingWrongIsToldAtOnceWithItsLine() throws IOException {
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
                .containsExactly(
                        problem(1, "bad code 'LIC301': LIC and four digits, as in LIC3002"),
                        problem(1, "no remedy: at least one step that fixes it"),
                        problem(1, "no entry LIC9999, which stands for what no rule explains"),
                        problem(3, "unknown severity 'eror'; did you mean error?"),
                        problem(4, "unknown owner 'cisko'; did you mean cisco?"),
                        problem(5, "unknown flow 'pul'; did you mean pull?"),
                        problem(7, "unknown finding 'dns.resolvd'; did you mean dns.resolved?"),
                        problem(7, "unknown confidence 'sure'; known are proven, likely, possible"),
                        problem(8, "neither all nor any: it would hold without any finding"),
                        problem(9, "never holds: what it asks for in all or any stands in none"),
                        problem(10, "unknown finding 'no-such-thing-at-all'"),
                        problem(11, "unknown key 'remedi'; did you mean remedy?"),
                        problem(12, "no explain: it must be a text that is not empty"),
                        problem(14, "key code stands twice"),
                        problem(15, "no title: it must be a text that is not empty"),
                        problem(18, "when must be a list"),
                        problem(18, "no when: it could never be diagnosed"),
                        problem(19, "every item of remedy must be a text that is not empty"),
                        problem(
                                21,
                                "expected keys with values, of code, title, severity, owner, flows, explains, when, ruledOutBy, remedy, explain"),
                        problem(22, "code LIC4001 stands already in line 14"),
                        problem(26, "no confidence"));
        assertThat(bad).hasMessageContaining(file + ":7: unknown finding 'dns.resolvd'");
    }

    @Test
    void whetherACauseExplainsIsYesOrNo() throws IOException {
        Path file = write(FALLBACK + "  explains: maybe\n");
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(BadRules.class)
                .hasMessageEndingWith(":7: unknown explains 'maybe'; known are true, false");
        Rules rules = Rules.read(write(FALLBACK + "  explains: false\n"));
        assertThat(rules.entry("LIC9999").orElseThrow().explains()).isFalse();
    }

    @Test
    void aFileThatIsNoYamlIsToldWithItsLine() throws IOException {
        Path file = write(FALLBACK + "  when: [\n");
        assertThat(catchThrowableOfType(BadRules.class, () -> Rules.read(file)).problems())
                .anySatisfy(problem -> {
                    assertThat(problem.line()).isGreaterThanOrEqualTo(7);
                    assertThat(problem.text()).startsWith("not YAML: ");
                });
    }

    @Test
    void aFileThatIsNoListIsRefused() throws IOException {
        Path file = write("LIC3002: {}\n");
        assertThatThrownBy(() -> Rules.read(file)).isInstanceOf(BadRules.class).hasMessageContaining("expected a list");
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("none.yaml");
        assertThatThrownBy(() -> Rules.read(missing))
                .isInstanceOf(BadRules.class)
                .hasMessageStartingWith("cannot read " + missing);
    }

    @Test
    void aFileBeyondAMebibyteIsRefusedUnread() throws IOException {
        Path file = write(FALLBACK + "#".repeat(1 << 20));
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(BadRules.class)
                .hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    void theFallbackTakesNoConditions() throws IOException {
        Path file = write(FALLBACK + "  when: [{ all: [dns.resolved], confidence: proven }]\n");
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(BadRules.class)
                .hasMessageEndingWith(":7: LIC9999 takes no when");
    }

    private static Problem problem(int line, String text) {
        return new Problem(line, text);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("diagnoses.yaml"), yaml);
    }
}
