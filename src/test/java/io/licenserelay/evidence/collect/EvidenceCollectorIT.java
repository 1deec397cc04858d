package io.licenserelay.evidence.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.logs.LogReader;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class EvidenceCollectorIT {
    private static final Instant FAILED = Instant.parse("2026-01-13T11:59:03Z");
    private static final TestSite SITE = TestSite.at("https://localhost:1");

    @Test
    void everyProbeAndEveryLogTellsOfASilentServerWithinTheDeadline(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("ssm.log"), "2026-01-13T11:59:00Z ssm: last words\n");
        Clock clock = Clock.systemUTC();
        List<Probe> probes =
                List.of(new DnsProbe(List.of(), List.of()), new TcpProbe(), new TlsProbe(clock), new HttpProbe(clock));
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                EvidenceCollector collector = new EvidenceCollector(probes, new LogReader())) {
            Site site = TestSite.at("https://localhost:" + silent.getLocalPort())
                    .patient(Duration.ofSeconds(1))
                    .within(Duration.ofSeconds(20))
                    .logging(
                            new Site.LogFile("ssm", log, ZoneId.of("UTC")),
                            new Site.LogFile("gone", folder.resolve("gone.log"), ZoneId.of("UTC")))
                    .site();

            Evidence evidence = collector.collect(TestSite.failure(FAILED), site);

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
    void resultsComeInTheOrderOfTheProbesWhoeverIsFirst() {
        CountDownLatch second = new CountDownLatch(1);
        Probe slow = probe("slow", () -> second.await(5, TimeUnit.SECONDS));
        Probe quick = probe("quick", () -> {
            second.countDown();
            return true;
        });

        Evidence evidence = collect(List.of(slow, quick), SITE);

        assertThat(evidence.probes()).extracting(ProbeResult::probe).containsExactly("slow", "quick");
        assertThat(evidence.probes()).extracting(ProbeResult::reason).containsOnly("ok");
    }

    @Test
    void aProbeThatDoesNotFinishIsInterruptedAndTheOthersStillTell() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Probe endless = probe("endless", () -> {
            try {
                return new CountDownLatch(1).await(1, TimeUnit.HOURS);
            } catch (InterruptedException told) {
                interrupted.set(true);
                throw told;
            }
        });
        long start = System.nanoTime();

        Evidence evidence = collect(List.of(endless, probe("quick", () -> true)), SITE.within(Duration.ofMillis(300)));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(evidence.probes()).extracting(ProbeResult::reason).containsExactly("deadline", "ok");
        assertThat(evidence.probes().get(0).status()).isEqualTo(Status.ERROR);
        await().untilTrue(interrupted);
    }

    @Test
    void aProbeThatBreaksIsOurErrorAndSaysNothingOfTheServer() {
        Probe faulty = probe("faulty", () -> {
            throw new IllegalStateException("a bug");
        });

        ProbeResult result = collect(List.of(faulty), SITE).probes().get(0);

        assertThat(result.status()).isEqualTo(Status.ERROR);
        assertThat(result.reason()).isEqualTo("broken");
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void anInterruptedCallerGetsWhatThereIsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        Evidence evidence =
                collect(List.of(probe("waiting", () -> new CountDownLatch(1).await(1, TimeUnit.HOURS))), SITE);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(evidence.probes()).extracting(ProbeResult::reason).containsExactly("interrupted");
    }

    @Test
    void aClosedCollectorStillAnswers() {
        EvidenceCollector collector = new EvidenceCollector(List.of(probe("quick", () -> true)), new LogReader());
        collector.close();

        Evidence evidence = collector.collect(TestSite.failure(FAILED), SITE.site());

        assertThat(evidence.probes()).extracting(ProbeResult::reason).containsExactly("closed");
    }

    private static Evidence collect(List<Probe> probes, TestSite site) {
        try (EvidenceCollector collector = new EvidenceCollector(probes, new LogReader())) {
            return collector.collect(TestSite.failure(FAILED), site.site());
        }
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
