package io.licenserelay.diagnosis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The typical findings of a failure, for each code of the catalogue. */
public final class CanonicalFailures {
    private CanonicalFailures() {}

    public static Map<String, List<String>> byCode() {
        Map<String, List<String>> findings = new TreeMap<>();
        findings.put("LIC1001", List.of("dns.nxdomain", "dns.near-miss"));
        findings.put("LIC1002", List.of("dns.no-answer"));
        findings.put("LIC1003", List.of("dns.resolved", "tcp.refused"));
        findings.put("LIC1004", List.of("dns.resolved", "tcp.timeout"));
        findings.put("LIC1005", answered("tcp.reset"));
        findings.put(
                "LIC1006", List.of("dns.resolved", "tcp.refused", "tcp.some-failed", "tls.trusted", "http.answered"));
        findings.put("LIC1007", List.of("dns.resolved", "tcp.connected", "proxy.refused", "proxy.direct-works"));
        findings.put("LIC2001", List.of("dns.resolved", "tcp.connected", "tls.untrusted"));
        findings.put("LIC2002", List.of("dns.resolved", "tcp.connected", "tls.untrusted", "tls.name-mismatch"));
        findings.put("LIC2003", List.of("dns.resolved", "tcp.connected", "tls.untrusted", "tls.expired", "clock.well"));
        findings.put(
                "LIC2004",
                List.of("dns.resolved", "tcp.connected", "tls.untrusted", "tls.name-mismatch", "tls.pin-changed"));
        findings.put("LIC2005", List.of("dns.resolved", "tcp.connected", "tcp.reset", "tls.no-common"));
        findings.put("LIC2006", answered("tls.expires-soon"));
        findings.put(
                "LIC3001",
                answered(
                        "configured.password",
                        "oauth.password.invalid-client",
                        "oauth.client-credentials.invalid-client"));
        findings.put(
                "LIC3002",
                answered(
                        "configured.password",
                        "oauth.password.unauthorized-client",
                        "oauth.client-credentials.accepted"));
        findings.put(
                "LIC3003",
                answered(
                        "configured.password",
                        "oauth.password.invalid-grant",
                        "oauth.client-credentials.unauthorized-client"));
        findings.put("LIC3004", answered("configured.password", "oauth.password.unsupported-grant-type"));
        findings.put("LIC3005", answered("oauth.password.accepted", "http.unauthorized"));
        findings.put(
                "LIC3006", answered("oauth.password.accepted", "oauth.client-credentials.accepted", "http.forbidden"));
        findings.put("LIC3007", answered("http.not-found", "http.other-prefix"));
        findings.put("LIC3008", List.of("client.expires-soon"));
        findings.put("LIC3009", answered("oauth.password.forbidden", "oauth.client-credentials.forbidden"));
        findings.put("LIC3010", answered("http.token-expired"));
        findings.put("LIC4001", answered("http.unavailable"));
        findings.put("LIC4002", answered("http.server-error", "ssm-log.upstream-refused", "ssm-log.request-refused"));
        findings.put("LIC4003", answered("http.rate-limited"));
        findings.put("LIC4004", answered("http.server-error"));
        findings.put("LIC4005", answered("answer.html"));
        findings.put("LIC4006", answered("answer.cut"));
        findings.put("LIC4007", answered("answer.shape"));
        findings.put("LIC4008", List.of("inventory.vanished"));
        findings.put("LIC4009", List.of("ssm.sync-overdue", "ssm.alert-major"));
        findings.put("LIC4010", List.of("ssm.sync-overdue", "ssm.sync-removal", "ssm.alert-major"));
        findings.put("LIC4011", List.of("ssm.token-expires-soon", "ssm.alert-major"));
        findings.put("LIC5002", List.of("report.rejected", "report.signature-refused"));
        findings.put("LIC5003", List.of("report.ack-overdue"));
        findings.put("LIC5004", List.of("report.unreadable"));
        findings.put("LIC5005", List.of("report.clock-jumped"));
        findings.put("LIC5006", List.of("http.not-found", "report.no-such-path"));
        findings.put("LIC5007", List.of("device.not-reporting"));
        findings.put("LIC5008", List.of("device.unreachable", "device.login-refused"));
        findings.put("LIC5009", List.of("report.no-numbers"));
        findings.put("LIC5012", List.of("report.put-aside"));
        findings.put("LIC6001", List.of("dns.resolved", "tcp.connected", "tls.not-yet-valid", "clock.wrong"));
        findings.put("LIC7001", List.of("manager.logged-in", "manager.too-old"));
        findings.put("LIC7002", List.of("answer.html", "manager.login-refused"));
        findings.put("LIC7003", List.of("manager.logged-in", "manager.settings-wrong", "manager.sync-failed"));
        findings.put("LIC7004", List.of("manager.logged-in", "manager.settings-well", "manager.sync-failed"));
        findings.put("LIC7005", List.of("manager.logged-in", "manager.settings-well", "manager.sync-stale"));
        findings.put("LIC7006", List.of("manager.logged-in", "manager.role-missing", "http.forbidden"));
        findings.put("LIC7007", List.of("manager.logged-in", "manager.sync-not-taken"));
        findings.put("LIC8001", List.of("kafka.unreachable"));
        findings.put("LIC8003", List.of("kafka.refused"));
        findings.put("LIC8004", List.of("store.corrupt"));
        findings.put("LIC8005", List.of("folder.unusable"));
        findings.put("LIC8010", List.of("folder.not-shared"));
        findings.put("LIC8006", List.of("clock.stepped"));
        findings.put("LIC8007", List.of("run.limit"));
        findings.put("LIC8008", List.of("configuration.refused"));
        findings.put("LIC8009", List.of("configuration.differs"));
        findings.put("LIC8002", List.of("store.unwritable"));
        findings.put("LIC9001", List.of("compliance.out"));
        findings.put("LIC9002", List.of("expiry.soon"));
        findings.put("LIC9003", List.of("ssm.alert-major"));
        return findings;
    }

    private static List<String> answered(String... findings) {
        return Stream.concat(Given.HEALTHY.stream(), Stream.of(findings)).toList();
    }
}
