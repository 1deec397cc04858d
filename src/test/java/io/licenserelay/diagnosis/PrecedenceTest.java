package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.diagnosis.Diagnosis.Other;
import io.licenserelay.evidence.Flow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes first when findings point at more than one cause, and what must not be claimed. */
class PrecedenceTest {
    private static final Rules RULES = Rules.packed();

    @ParameterizedTest
    @CsvSource({
        // A name that does not exist leaves nothing else to blame.
        "dns.nxdomain, LIC1001, PROVEN, ''",
        // What Java calls an unknown host may be a silent name server; the probe tells.
        "dns.nxdomain dns.no-answer, LIC1002, PROVEN, ''",
        "dns.nxdomain dns.resolved tcp.connected, LIC1002, LIKELY, ''",
        "dns.nxdomain proxy.refused, LIC1001, LIKELY, LIC1007",
        // Through a proxy neither the name nor the port need be reachable from here.
        "dns.nxdomain http.answered http.server-error, LIC4004, PROVEN, ''",
        "dns.resolved tcp.timeout http.answered http.server-error, LIC4004, PROVEN, ''",
        // It refused, and accepts by now: it was so at least.
        "dns.resolved tcp.refused tcp.connected http.answered, LIC1003, LIKELY, ''",
        "dns.resolved tcp.refused tcp.connected http.unavailable, LIC4001, PROVEN, LIC1003",
        "dns.resolved tcp.timeout tcp.connected http.answered, LIC1004, LIKELY, ''",
        "dns.resolved tcp.timeout, LIC1004, PROVEN, ''",
        "tcp.timeout, LIC1004, LIKELY, ''",
        "dns.resolved tcp.timeout tcp.some-failed, LIC1006, PROVEN, ''",
        "dns.resolved tcp.some-failed, LIC1006, LIKELY, ''",
        // The client tries every address and tells of the last one only; the good one's own trouble is the cause.
        "dns.resolved tcp.refused tcp.some-failed tls.expired, LIC2003, PROVEN, LIC1006",
        "dns.resolved tcp.refused tcp.some-failed http.unavailable, LIC4001, PROVEN, LIC1006",
        "dns.resolved tcp.connected tcp.reset http.unavailable, LIC4001, PROVEN, LIC1005",
        "dns.resolved tcp.connected tcp.reset answer.cut, LIC1005, PROVEN, ''",
        "dns.resolved tcp.connected http.no-answer, LIC4001, LIKELY, ''",
        // The proxy is blamed only when something says so.
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
        // Clocks explain what depends on time, and nothing else.
        "http.unauthorized clock.wrong, LIC6001, LIKELY, LIC3005",
        "http.unavailable clock.wrong, LIC4001, PROVEN, LIC6001",
        "clock.wrong, LIC6001, POSSIBLE, ''",
        // What SSM answers
        "http.unavailable ssm-log.upstream-refused, LIC4001, PROVEN, LIC4002",
        "http.server-error ssm-log.upstream-refused, LIC4004, PROVEN, LIC4002",
        // The very request that failed was refused inside: that says more than its status.
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
    void theCauseThatFitsBestComesFirst(String findings, String code, Confidence sure, String others) {
        Diagnosis diagnosis = RULES.diagnose(Given.pull(findings.split(" ")));
        assertThat(diagnosis.code()).isEqualTo(code);
        assertThat(diagnosis.confidence()).isEqualTo(sure);
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
    void whatIsWellRulesACauseOut(String finding, String code) {
        Diagnosis diagnosis = RULES.diagnose(Given.pull(finding, "http.server-error"));
        assertThat(diagnosis.ruledOut()).contains(new Diagnosis.RuledOut(code, finding));
    }

    @Test
    void theManagersFailedSyncIsExplainedByItsClientOnceThatIsKnown() {
        Diagnosis diagnosis = manager("manager.sync-failed", "oauth.password.invalid-client");
        assertThat(diagnosis.code()).isEqualTo("LIC3001");
        assertThat(manager("manager.sync-failed", "oauth.password.accepted").code())
                .isEqualTo("LIC7004");
    }

    @Test
    void aReportDeliveredBeforeIsNotARejectedOne() {
        Diagnosis diagnosis =
                RULES.diagnose(Given.evidence(Flow.PUSH, List.of("report.rejected", "report.delivered-before")));
        assertThat(diagnosis.code()).isEqualTo("LIC9999");
        assertThat(diagnosis.ruledOut()).containsExactly(new Diagnosis.RuledOut("LIC5002", "report.delivered-before"));
    }

    @Test
    void nothingKnownIsSaidOpenly() {
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
