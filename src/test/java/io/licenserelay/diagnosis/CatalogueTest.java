package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cause of the shipped catalogue is diagnosed from its findings, and is not confused with another. */
class CatalogueTest {
    private static final Rules RULES = Rules.packed();

    /** The typical findings of each code. */
    private static final Map<String, List<String>> CANONICAL = CanonicalFailures.byCode();

    /** Findings that any failure may have without being its cause. */
    private static final List<String> NOISE = List.of(
            "tls.expires-soon", "client.expires-soon", "ssm-log.upstream-refused", "clock.apart", "log.not-covering");

    static Set<String> codes() {
        return CANONICAL.keySet();
    }

    static Stream<String> codesOfAnAnsweredCall() {
        return codes().stream()
                .filter(code -> code.startsWith("LIC3") || code.startsWith("LIC4"))
                .filter(code -> findings(code).contains("tcp.connected"));
    }

    @Test
    void everyCauseExceptNotDiagnosedHasACanonicalFailure() {
        Set<String> catalogueCodes =
                RULES.entries().stream().map(Entry::code).collect(Collectors.toCollection(TreeSet::new));
        catalogueCodes.remove(Rules.NOT_DIAGNOSED);
        assertThat(CANONICAL.keySet()).isEqualTo(catalogueCodes);
    }

    @ParameterizedTest
    @MethodSource("codes")
    void theFindingsOfACauseGiveThatCause(String code) {
        assertThat(diagnose(code, findings(code)).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @MethodSource("codes")
    void unrelatedFindingsDoNotChangeTheCause(String code) {
        for (String noise : noise(code)) {
            List<String> findings = new ArrayList<>(findings(code));
            findings.add(noise);
            assertThat(diagnose(code, findings).code()).as("with " + noise).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @MethodSource("codesOfAnAnsweredCall")
    void aFailingAddressIsNotTheCauseIfAnotherAddressAnswered(String code) {
        List<String> findings = new ArrayList<>(findings(code));
        findings.remove("tcp.connected");
        findings.add("tcp.some-failed");
        assertThat(diagnose(code, findings).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @MethodSource("codes")
    void theOrderOfFindingsDoesNotMatter(String code) {
        List<String> findings = new ArrayList<>(findings(code));
        findings.addAll(List.of("ssm-log.upstream-refused", "configured.password"));
        Diagnosis first = diagnose(code, findings);
        Random random = new Random(3002);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(findings, random);
            assertThat(diagnose(code, findings)).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @MethodSource("codes")
    void aCauseIsSupportedByPresentFindingsAndIsNotRuledOut(String code) {
        Diagnosis diagnosis = diagnose(code, findings(code));
        assertThat(diagnosis.because()).isNotEmpty().isSubsetOf(findings(code));
        assertThat(diagnosis.ruledOut())
                .allSatisfy(out -> assertThat(findings(code)).contains(out.by()))
                .extracting(Diagnosis.RuledOut::code)
                .isSorted()
                .doesNotContain(code)
                .noneMatch(out -> diagnosis.others().stream()
                        .anyMatch(other -> other.code().equals(out)));
    }

    @Test
    void everyFindingIsUsedByARuleOrListedAsInformational() throws IOException {
        String rules = Files.readString(Path.of("config/diagnoses.yaml"));
        Set<String> unused = new TreeSet<>(Findings.all().keySet());
        unused.removeIf(name -> Pattern.compile("[ \\[]" + Pattern.quote(name) + "[],\n]")
                .matcher(rules)
                .find());
        assertThat(unused)
                .containsExactlyInAnyOrder(
                        "capture.checksum-offload",
                        "capture.checksum-wrong",
                        "capture.data-both-ways",
                        "capture.reset-by-client",
                        "capture.sent-again",
                        "capture.tls-alert",
                        "log.not-covering",
                        "message.fits-invalid-request",
                        "message.fits-invalid-scope",
                        "oauth.client-credentials.invalid-request",
                        "oauth.client-credentials.invalid-scope",
                        "oauth.client-credentials.other-error",
                        "oauth.password.invalid-request",
                        "oauth.password.invalid-scope",
                        "oauth.password.withheld-in-outage");
    }

    @Test
    void aCauseOfAnotherFlowIsASideFactAndNotTheCause() {
        Diagnosis diagnosis = RULES.diagnose(Given.answered("tls.expires-soon"));
        assertThat(diagnosis.code()).isEqualTo("LIC9999");
        assertThat(diagnosis.others()).isEmpty();
        assertThat(diagnosis.sideFacts()).extracting(Diagnosis.Other::code).containsExactly("LIC2006");
    }

    /** Facts such as a date or a limit that is near. */
    @Test
    void aFactThatExplainsNoFailureIsNeverAFurtherCause() {
        List<String> facts = List.of(
                "tls.expires-soon",
                "client.expires-soon",
                "ssm.sync-removal",
                "ssm.token-expires-soon",
                "ssm.alert-major",
                "compliance.out",
                "expiry.soon",
                "report.ack-overdue",
                "report.unreadable",
                "report.clock-jumped",
                "device.not-reporting",
                "device.unreachable",
                "manager.sync-stale");
        for (Flow flow : List.of(Flow.PULL, Flow.PUSH, Flow.MANAGER)) {
            for (String fact : facts) {
                List<String> findings = new ArrayList<>(findings("LIC3001"));
                findings.add(fact);
                Diagnosis diagnosis = RULES.diagnose(Given.evidence(flow, findings));
                assertThat(diagnosis.code()).as("%s with %s", flow, fact).isEqualTo("LIC3001");
                assertThat(diagnosis.others()).as("%s with %s", flow, fact).isEmpty();
                assertThat(diagnosis.sideFacts())
                        .as("%s with %s", flow, fact)
                        .singleElement()
                        .satisfies(side -> assertThat(side.because()).contains(fact));
            }
        }
    }

    @Test
    void aFailedPullDoesNotListTheManagersCausesAsRuledOut() {
        Diagnosis diagnosis = RULES.diagnose(Given.answered("http.forbidden", "manager.logged-in", "manager.synced"));
        assertThat(diagnosis.ruledOut())
                .extracting(Diagnosis.RuledOut::code)
                .noneMatch(code -> code.startsWith("LIC7"));
    }

    private static List<String> findings(String code) {
        return CANONICAL.getOrDefault(code, List.of());
    }

    private static List<String> noise(String code) {
        if (flow(code) == Flow.EXPIRY) {
            return List.of("log.not-covering");
        }
        return findings(code).contains("clock.wrong")
                ? NOISE.stream().filter(each -> !each.equals("clock.apart")).toList()
                : NOISE;
    }

    private static Flow flow(String code) {
        return RULES.entry(code).orElseThrow().flows().stream()
                .min(Flow::compareTo)
                .orElse(Flow.PULL);
    }

    private static Diagnosis diagnose(String code, List<String> findings) {
        return RULES.diagnose(Given.evidence(flow(code), findings));
    }
}
