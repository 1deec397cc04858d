package io.licenserelay.evidence.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.probes.HttpProbe;
import io.licenserelay.evidence.probes.TcpProbe;
import io.licenserelay.evidence.probes.dns.DnsProbe;
import io.licenserelay.evidence.probes.tls.TlsProbe;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes that run probes and log tails in parallel, also if one of them throws, is late, or never begins. */
@Timeout(60)
class EvidenceRoutesIT {
    private static final Failure FAILURE = TestSite.failure(Instant.parse("2026-01-13T11:59:03Z"));
    private static final TestSite SITE = TestSite.at("https://localhost:1");

    @Test
    void everyProbeAndLogReportsAnUnresponsiveServerWithinTheDeadline(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("ssm.log"), "2026-01-13T11:59:00Z ssm: last words\n");
        Clock clock = Clock.systemUTC();
        List<Probe> probes =
                List.of(new HttpProbe(clock), new TlsProbe(clock), new TcpProbe(), new DnsProbe(Set.of(), List.of()));
        try (ServerSocket unresponsive = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                EvidenceFlow flow = EvidenceFlow.start(
                        TestSite.at("https://localhost:" + unresponsive.getLocalPort())
                                .connectionLimits(Duration.ofSeconds(1))
                                .within(Duration.ofSeconds(20))
                                .logging(
                                        new Site.LogFile("ssm", log, ZoneId.of("UTC")),
                                        new Site.LogFile("gone", folder.resolve("gone.log"), ZoneId.of("UTC")))
                                .site(),
                        probes)) {

            Evidence evidence = flow.collect(FAILURE);

            assertThat(evidence.probes())
                    .extracting(ProbeResult::probe, ProbeResult::status, ProbeResult::reason)
                    .containsExactly(
                            tuple("dns", Status.OK, "ok"),
                            tuple("tcp", Status.OK, "ok"),
                            tuple("tls", Status.FAILED, "timeout"),
                            tuple("http", Status.FAILED, "no-answer"));
            assertThat(evidence.excerpts()).extracting(LogExcerpt::source).containsExactly("ssm", "gone");
            assertThat(evidence.findings())
                    .extracting(Finding::name)
                    .containsExactly("dns.resolved", "tcp.connected", "http.no-answer", "log.not-covering");
        }
    }

    @Test
    void resultsAreInProbeOrderAndOperatorProbesComeLast() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        Probe slow = probe("dns", () -> last.await(5, TimeUnit.SECONDS));
        Probe quick = probe("tcp", () -> {
            last.countDown();
            return true;
        });
        try (EvidenceFlow flow = EvidenceFlow.start(
                SITE.site(), List.of(slow, quick), 256, probeRoute("b", "{\"status\":\"ok\",\"reason\":\"ok\"}"))) {
            assertThat(flow.collect(FAILURE).probes())
                    .extracting(ProbeResult::probe, ProbeResult::reason)
                    .containsExactly(tuple("dns", "ok"), tuple("tcp", "ok"), tuple("b", "ok"));
        }
    }

    @Test
    void aLateProbeIsReportedAndInterruptedAndItsResultIsIgnored() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        Probe endless = probe("dns", () -> {
            try {
                return new CountDownLatch(1).await(1, TimeUnit.HOURS);
            } catch (InterruptedException stopped) {
                interrupted.set(true);
                return true;
            }
        });
        Site site = SITE.within(Duration.ofMillis(1000)).site();
        try (EvidenceFlow flow = EvidenceFlow.start(site, List.of(endless, probe("tcp", () -> true)))) {
            long start = System.nanoTime();

            EvidenceCollection collection = flow.routes().ofSsm(FAILURE, site);
            Evidence evidence = flow.routes().collect(collection, site);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            assertThat(evidence.probes()).extracting(ProbeResult::reason).containsExactly("deadline", "ok");
            assertThat(evidence.probes().get(0).status()).isEqualTo(Status.ERROR);
            assertThat(evidence.probes().get(0).details()).isEmpty();
            await().untilTrue(interrupted);
            assertThat(collection.evidence()).isEqualTo(evidence);
        }
    }

    @Test
    void aProbeThatThrowsIsReportedAsBrokenAndTheOthersStillReport() throws Exception {
        Probe faulty = probe("dns", () -> {
            throw new IllegalStateException("a bug");
        });
        try (EvidenceFlow flow = EvidenceFlow.start(SITE.site(), List.of(faulty, probe("tcp", () -> true)))) {
            assertThat(flow.collect(FAILURE).probes())
                    .extracting(ProbeResult::status, ProbeResult::reason)
                    .containsExactly(tuple(Status.ERROR, "broken"), tuple(Status.OK, "ok"));
        }
    }

    @Test
    void anInterruptedCallerGetsPartialEvidenceAndStaysInterrupted() throws Exception {
        Probe waiting = probe("dns", () -> new CountDownLatch(1).await(1, TimeUnit.HOURS));
        try (EvidenceFlow flow = EvidenceFlow.start(SITE.site(), List.of(waiting))) {
            Thread.currentThread().interrupt();

            Evidence evidence = flow.collect(FAILURE);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(evidence.probes()).extracting(ProbeResult::reason).containsExactly("interrupted");
        }
    }

    @Test
    void evidenceIsReturnedEvenWithoutThreads() throws Exception {
        try (EvidenceFlow flow =
                EvidenceFlow.start(SITE.within(Duration.ofSeconds(1)).site(), List.of(probe("dns", () -> true)))) {
            flow.end();
            assertThat(flow.collect(FAILURE).probes())
                    .extracting(ProbeResult::reason)
                    .containsExactly("closed");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void aProbeThatGotNoThreadIsDistinguishedFromASlowProbe() throws Exception {
        Probe endless = probe("dns", () -> new CountDownLatch(1).await(1, TimeUnit.HOURS));
        Site site = SITE.within(Duration.ofMillis(800)).site();
        try (EvidenceFlow flow = EvidenceFlow.start(site, List.of(endless, probe("tcp", () -> true)), 1, "")) {
            List<ProbeResult> probes = flow.collect(FAILURE).probes();

            assertThat(probes).extracting(ProbeResult::reason).containsExactly("deadline", "deadline");
            assertThat(probes).extracting(ProbeResult::details).containsExactly(Map.of(), Map.of("begun", false));
        }
    }

    @Test
    void manyConcurrentFailuresGetCompleteResults() throws Exception {
        Probe probe = probe("dns", () -> new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS) || true);
        Probe other = probe("tcp", () -> new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS) || true);
        ExecutorService callers = Executors.newFixedThreadPool(40);
        try (EvidenceFlow flow =
                EvidenceFlow.start(SITE.within(Duration.ofSeconds(30)).site(), List.of(probe, other))) {
            List<Future<Evidence>> pending = IntStream.range(0, 40)
                    .mapToObj(failure -> callers.submit(() -> flow.collect(FAILURE)))
                    .toList();
            for (Future<Evidence> each : pending) {
                assertThat(each.get().probes()).extracting(ProbeResult::reason).containsExactly("ok", "ok");
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "[]",
                "{\"status\":\"well\",\"reason\":\"ok\"}",
                "{\"status\":\"ok\",\"reason\":\"In Words\"}",
                "{\"status\":\"failed\",\"reason\":\"down\",\"findings\":[{\"name\":\"tcp.refused\",\"phrase\":\"no\"}]}",
                "{\"status\":\"failed\",\"reason\":\"down\",\"findings\":[{\"name\":\"custom.down\"}]}",
                "{\"status\":\"failed\",\"reason\":\"down\",\"millis\":{\"connect\":\"long\"}}",
                "{\"status\":\"failed\",\"reason\":\"down\",\"details\":null}"
            })
    void anInvalidResultIsReportedAsBroken(String body) throws Exception {
        try (EvidenceFlow flow = EvidenceFlow.start(SITE.site(), List.of(), 256, probeRoute("own", body))) {
            assertThat(flow.collect(FAILURE).probes())
                    .extracting(ProbeResult::probe, ProbeResult::status, ProbeResult::reason)
                    .containsExactly(tuple("own", Status.ERROR, "broken"));
        }
    }

    @Test
    void aProbeRouteWithAnInvalidIdIsRejected() {
        assertThatThrownBy(() -> EvidenceFlow.start(SITE.site(), List.of(), 256, probeRoute("Own One", "{}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("probe-Own One")
                .hasMessageContaining("group probe");
    }

    private static String probeRoute(String name, String body) {
        return """
                - route:
                    id: probe-NAME
                    group: probe
                    from:
                      uri: direct:probe-NAME
                      steps:
                        - setBody: { expression: { constant: { expression: 'BODY' } } }
                """.replace("NAME", name).replace("BODY", body);
    }

    private interface Work {
        boolean done() throws Exception;
    }

    private static Probe probe(String name, Work work) {
        return new Probe() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public ProbeResult run(ProbeTarget target, Deadline deadline) {
                try {
                    String reason = work.done() ? "ok" : "not-done";
                    return new ProbeResult(name, target.host(), Status.OK, reason, Map.of(), Map.of(), List.of());
                } catch (Exception broken) {
                    throw new IllegalStateException(broken);
                }
            }
        };
    }
}
