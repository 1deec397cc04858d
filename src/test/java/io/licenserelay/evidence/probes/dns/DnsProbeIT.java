package io.licenserelay.evidence.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.TestSite;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;

class DnsProbeIT {
    private static final String HOST = "ssm.relay.invalid";

    private NameServer server;

    @BeforeEach
    void start() throws Exception {
        server = new NameServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aKnownNameIsResolvedWithAddressAndTtl() throws Exception {
        server.with(HOST, "192.0.2.7");

        ProbeResult result = probe(HOST, server.address());

        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(names(result)).containsExactly("dns.resolved");
        assertThat(answers(result).get(0))
                .containsEntry("outcome", "NOERROR")
                .containsEntry("addresses", List.of("192.0.2.7"))
                .containsEntry("ttl", 300L);
    }

    @Test
    void everyServerIsQueriedForBothAddressTypesAndReportedWithCodeAndTtl() throws Exception {
        server.withBoth(HOST, "192.0.2.7", "2001:db8::7");

        ProbeResult result = probe(HOST, server.address());

        String queried = server.address().getAddress().getHostAddress() + ":"
                + server.address().getPort();
        assertThat(result.millis()).containsOnlyKeys("resolve");
        assertThat(answers(result)).hasSize(2).allSatisfy(each -> assertThat(each)
                .containsEntry("server", queried)
                .containsEntry("outcome", "NOERROR")
                .containsKey("millis"));
        assertThat(answers(result))
                .extracting(each -> each.get("type") + " " + each.get("addresses") + " " + each.get("ttl"))
                .containsExactly("A [192.0.2.7] 300", "AAAA [2001:db8:0:0:0:0:0:7] 120");
    }

    @Test
    void anInvalidHostNameIsReported() {
        ProbeResult result = probe("a".repeat(64) + ".relay.invalid", server.address());

        assertThat(result.reason()).isEqualTo("bad-name");
        assertThat(names(result)).containsExactly("dns.nxdomain");
    }

    @Test
    void theAliasChainIsReported() throws Exception {
        server.withAlias(HOST, "real.relay.invalid", "192.0.2.8");

        ProbeResult result = probe(HOST, server.address());

        assertThat(answers(result).get(0))
                .containsEntry("cname", List.of("real.relay.invalid"))
                .containsEntry("addresses", List.of("192.0.2.8"))
                .containsEntry("ttl", 60L);
    }

    @Test
    void aNameThatDoesNotExistIsNxdomain() {
        ProbeResult result = probe(HOST, server.address());

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.reason()).isEqualTo("nxdomain");
        assertThat(names(result)).containsExactly("dns.nxdomain");
    }

    @Test
    void aNameWithoutAddressIsDistinguishedFromANameThatDoesNotExist() {
        server.withoutAddress(HOST);

        ProbeResult result = probe(HOST, server.address());

        assertThat(result.reason()).isEqualTo("no-address");
        assertThat(result.findings().get(0).phrase()).isEqualTo(HOST + " exists but has no address");
    }

    @Test
    void anExtraRepeatedLetterIsANearMissIfTheShorterNameExists() throws Exception {
        server.with("cloudsso.relay.invalid", "192.0.2.9");

        ProbeResult result = probe("cloudssso.relay.invalid", server.address());

        assertThat(names(result)).containsExactly("dns.nxdomain", "dns.near-miss");
        assertThat(result.findings().get(1).phrase()).contains("cloudsso.relay.invalid exists");
        assertThat(result.details()).containsEntry("nearMiss", "cloudsso.relay.invalid");
    }

    @Test
    void aConfiguredHostThatDiffersByOneEditIsANearMiss() throws Exception {
        server.with("smm.relay.invalid", "192.0.2.9");
        DnsProbe probe = new DnsProbe(Set.of("smm.relay.invalid", "manager.relay.invalid"), List.of(server.address()));

        ProbeResult result = run(probe, HOST, Duration.ofSeconds(5));

        assertThat(result.details()).containsEntry("nearMiss", "smm.relay.invalid");
        assertThat(server.queries()).doesNotContain("manager.relay.invalid");
    }

    @Test
    void aSimilarNameThatDoesNotExistIsNotANearMiss() {
        ProbeResult result = probe("cloudssso.relay.invalid", server.address());

        assertThat(server.queries()).contains("cloudsso.relay.invalid");
        assertThat(names(result)).containsExactly("dns.nxdomain");
    }

    @Test
    void anUnresponsiveNameServerIsReportedAsNoAnswer() throws Exception {
        try (DatagramSocket unresponsive = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address =
                    new InetSocketAddress(unresponsive.getLocalAddress(), unresponsive.getLocalPort());
            DnsProbe probe = new DnsProbe(Set.of(), List.of(address));

            ProbeResult result = run(probe, HOST, Duration.ofMillis(600));

            assertThat(result.reason()).isEqualTo("no-answer");
            assertThat(names(result)).containsExactly("dns.no-answer");
        }
    }

    @Test
    void servfailOfEveryServerIsReportedAsNoAnswer() {
        server.answeringOthers(Rcode.SERVFAIL);

        ProbeResult result = probe(HOST, server.address());

        assertThat(names(result)).containsExactly("dns.no-answer");
        assertThat(answers(result)).allSatisfy(each -> assertThat(each).containsEntry("outcome", "SERVFAIL"));
    }

    @Test
    void aLostDatagramIsRequestedAgain() throws Exception {
        server.with(HOST, "192.0.2.7").losing(2);

        ProbeResult result = run(new DnsProbe(Set.of(), List.of(server.address())), HOST, Duration.ofMillis(900));

        assertThat(names(result)).containsExactly("dns.resolved");
    }

    @Test
    void differingServersAreReportedSeparately() throws Exception {
        try (NameServer other = new NameServer()) {
            other.with(HOST, "192.0.2.7");

            ProbeResult result = probe(HOST, server.address(), other.address());

            assertThat(names(result)).containsExactly("dns.resolved");
            assertThat(answers(result))
                    .extracting(each -> each.get("outcome"))
                    .containsExactly("NXDOMAIN", "NXDOMAIN", "NOERROR", "NOERROR");
        }
    }

    @Test
    void localhostIsResolvedLocallyWithoutAQuery() {
        ProbeResult result = probe("localhost", server.address());

        assertThat(names(result)).containsExactly("dns.resolved");
        assertThat(result.findings().get(0).phrase()).contains("127.0.0.1");
        assertThat(server.queries()).isEmpty();
    }

    @Test
    void anIpAddressNeedsNoQuery() {
        assertThat(names(probe("127.0.0.1", server.address()))).containsExactly("dns.resolved");
        assertThat(names(probe("[::1]", server.address()))).containsExactly("dns.resolved");
        assertThat(server.queries()).isEmpty();
    }

    @Test
    void withAProxyTheProxysNameIsResolved() {
        DnsProbe probe = new DnsProbe(Set.of(), List.of(server.address()));

        ProbeResult result = probe.run(
                TestSite.at("https://ssm.relay.invalid:8443")
                        .behind("http://localhost:3128")
                        .target(),
                Deadline.in(Duration.ofSeconds(5)));

        assertThat(result.target()).isEqualTo("localhost");
        assertThat(names(result)).containsExactly("dns.resolved");
    }

    private static ProbeResult probe(String host, InetSocketAddress... servers) {
        return run(new DnsProbe(Set.of(), List.of(servers)), host, Duration.ofSeconds(5));
    }

    private static ProbeResult run(DnsProbe probe, String host, Duration time) {
        return probe.run(TestSite.at("https://" + host + ":8443").target(), Deadline.in(time));
    }

    private static List<String> names(ProbeResult result) {
        return result.findings().stream().map(Finding::name).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> answers(ProbeResult result) {
        return (List<Map<String, Object>>) result.details().getOrDefault("servers", List.of());
    }
}
