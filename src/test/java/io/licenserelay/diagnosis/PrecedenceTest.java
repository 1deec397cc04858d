package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.diagnosis.Diagnosis.Other;
import io.licenserelay.evidence.Flow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of causes if findings support more than one, and causes that must not be concluded. */
class PrecedenceTest {
    private static final Rules RULES = Rules.packed();

    @ParameterizedTest
    @CsvSource({
        // If the name does not exist, no other cause is possible.
        "dns.nxdomain, LIC1001, PROVEN, ''",
        // Java also reports an unknown host if the name server does not answer. The probe distinguishes the two.
        "dns.nxdomain dns.no-answer, LIC1002, PROVEN, ''",
        "dns.nxdomain dns.resolved tcp.connected, LIC1002, LIKELY, ''",
        "dns.nxdomain proxy.refused, LIC1001, LIKELY, LIC1007",
        // With a proxy, this machine need not resolve the name or reach the port.
        "dns.nxdomain http.answered http.server-error, LIC4004, PROVEN, ''",
        "dns.resolved tcp.timeout http.answered http.server-error, LIC4004, PROVEN, ''",
        // The server refused and accepts now: the refusal is still the likely cause.
        "dns.resolved tcp.refused tcp.connected http.answered, LIC1003, LIKELY, ''",
        "dns.resolved tcp.refused tcp.connected http.unavailable, LIC4001, PROVEN, LIC1003",
        "dns.resolved tcp.timeout tcp.connected http.answered, LIC1004, LIKELY, ''",
        "dns.resolved tcp.timeout, LIC1004, PROVEN, ''",
        "tcp.timeout, LIC1004, LIKELY, ''",
        "dns.resolved tcp.timeout tcp.some-failed, LIC1006, PROVEN, ''",
        "dns.resolved tcp.some-failed, LIC1006, LIKELY, ''",
        // The client tries every address and reports only the last one. The problem of the working address is the
        // cause.
        "dns.resolved tcp.refused tcp.some-failed tls.expired, LIC2003, PROVEN, LIC1006",
        "dns.resolved tcp.refused tcp.some-failed http.unavailable, LIC4001, PROVEN, LIC1006",
        "dns.resolved tcp.connected tcp.reset http.unavailable, LIC4001, PROVEN, LIC1005",
        "dns.resolved tcp.connected tcp.reset answer.cut, LIC1005, PROVEN, ''",
        "dns.resolved tcp.connected http.no-answer, LIC4001, LIKELY, ''",
        // The proxy is the cause only if a finding supports it.
        "proxy.refused http.unavailable, LIC1007, LIKELY, ''",
        "proxy.direct-works tcp.timeout tcp.connected, LIC1007, PROVEN, ''",
        "proxy.direct-works answer.html, LIC1007, PROVEN, ''",
        "proxy.direct-works http.forbidden, LIC3006, PROVEN, ''",
        // TLS
        "tls.untrusted tls.name-mismatch, LIC2002, PROVEN, ''",
        "tls.untrusted tls.expired, LIC2003, PROVEN, ''",
        "tls.name-mismatch tls.expired, LIC2002, PROVEN, LIC2003",
        "tls.pin-changed tls.untrusted tls.name-mismatch tls.expired, LIC2004, PROVEN, LIC2003",
        "tls.untrusted tls.trusted, LIC2001, LIKELY, ''",
        "tls.expired clock.wrong, LIC6001, LIKELY, LIC2003",
        "tls.not-tls tcp.reset tcp.connected, LIC2005, PROVEN, ''",
        "tls.expired tls.expires-soon, LIC2003, PROVEN, ''",
        // A wrong clock explains only failures that depend on time.
        "http.unauthorized clock.wrong, LIC6001, LIKELY, LIC3005",
        "http.unavailable clock.wrong, LIC4001, PROVEN, LIC6001",
        "clock.wrong, LIC6001, POSSIBLE, ''",
        // Answers of SSM
        "http.unavailable ssm-log.upstream-refused, LIC4001, PROVEN, LIC4002",
        "http.server-error ssm-log.upstream-refused, LIC4004, PROVEN, LIC4002",
        // A service inside SSM refused the failed request. This is more specific than the status.
        "http.unavailable ssm-log.upstream-refused ssm-log.request-refused, LIC4002, PROVEN, LIC4001",
        "http.server-error ssm-log.upstream-refused ssm-log.request-refused, LIC4002, PROVEN, LIC4004",
        "ssm-log.upstream-refused, LIC4002, POSSIBLE, ''",
        "http.unavailable answer.html, LIC4001, PROVEN, ''",
        "http.not-found, LIC3007, LIKELY, ''",
        "http.not-found answer.html, LIC3007, LIKELY, ''",
        "http.forbidden answer.html, LIC4005, LIKELY, LIC3006",
        "answer.malformed, LIC4006, PROVEN, ''",
        "http.malformed, LIC4006, PROVEN, ''",
        "http.redirected, LIC4005, PROVEN, ''",
        "run.limit, LIC8007, PROVEN, ''",
        "answer.malformed answer.html, LIC4005, PROVEN, ''",
        "answer.too-large, LIC4007, LIKELY, ''",
    })
    void theBestMatchingCauseComesFirst(String findings, String code, Confidence confidence, String others) {
        Diagnosis diagnosis = RULES.diagnose(Given.pull(findings.split(" ")));
        assertThat(diagnosis.code()).isEqualTo(code);
        assertThat(diagnosis.confidence()).isEqualTo(confidence);
        assertThat(diagnosis.others().stream().map(Other::code)).containsExactlyElementsOf(words(others));
    }

    @ParameterizedTest
    @CsvSource({
        "dns.resolved, LIC1001",
        "dns.resolved, LIC1002",
        "tcp.connected, LIC1003",
        "tcp.connected, LIC1004",
        "tcp.connected, LIC1006",
        "http.answered, LIC1005",
        "tls.trusted, LIC2001",
        "tls.trusted, LIC2002",
        "tls.trusted, LIC2003",
        "tls.trusted, LIC2004",
        "tls.trusted, LIC2005",
        "clock.well, LIC6001",
    })
    void aHealthyFindingRulesOutACause(String finding, String code) {
        Diagnosis diagnosis = RULES.diagnose(Given.pull(finding, "http.server-error"));
        assertThat(diagnosis.ruledOut()).contains(new Diagnosis.RuledOut(code, finding));
    }

    @Test
    void aRejectedClientExplainsTheManagersFailedSync() {
        Diagnosis diagnosis = manager("manager.sync-failed", "oauth.password.invalid-client");
        assertThat(diagnosis.code()).isEqualTo("LIC3001");
        assertThat(manager("manager.sync-failed", "oauth.password.accepted").code())
                .isEqualTo("LIC7004");
    }

    @Test
    void aReportThatWasDeliveredBeforeIsNotReportedAsRejected() {
        Diagnosis diagnosis =
                RULES.diagnose(Given.evidence(Flow.PUSH, List.of("report.rejected", "report.delivered-before")));
        assertThat(diagnosis.code()).isEqualTo("LIC9999");
        assertThat(diagnosis.ruledOut()).containsExactly(new Diagnosis.RuledOut("LIC5002", "report.delivered-before"));
    }

    @Test
    void aFailureWithoutFindingsIsReportedAsNotDiagnosed() {
        Diagnosis diagnosis = RULES.diagnose(Given.pull());
        assertThat(diagnosis.code()).isEqualTo(Rules.NOT_DIAGNOSED);
        assertThat(diagnosis.because()).isEmpty();
        assertThat(diagnosis.remedy()).isNotEmpty();
    }

    private static Diagnosis manager(String... findings) {
        return RULES.diagnose(Given.evidence(Flow.MANAGER, List.of(findings)));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
