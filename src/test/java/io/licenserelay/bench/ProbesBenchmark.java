package io.licenserelay.bench;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.evidence.collect.EvidenceFlow;
import io.licenserelay.evidence.probes.HttpProbe;
import io.licenserelay.evidence.probes.NtpProbe;
import io.licenserelay.evidence.probes.PingProbe;
import io.licenserelay.evidence.probes.TcpProbe;
import io.licenserelay.evidence.probes.dns.DnsProbe;
import io.licenserelay.evidence.probes.tls.TlsProbe;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.redact.Redactor;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.ssm.token.TokenListener;
import io.licenserelay.sync.watch.SsmStateProbe;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** (e) Runs all probes in parallel, with the routes that a failure starts. The floor is the slowest probe alone. */
final class ProbesBenchmark {
    private static final Duration ROUND_TRIP = Duration.ofMillis(244);
    private static final double MAX_OVERHEAD_MILLIS = 300;
    private static final Clock CLOCK = Clock.systemUTC();

    private final Path folder;
    private final int rounds;
    private final Report report;

    ProbesBenchmark(Path folder, int rounds, Report report) {
        this.folder = folder;
        this.rounds = rounds;
        this.report = report;
    }

    void run() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(Estate.generate(1, 1, 1, 42))
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                SlowLink link = SlowLink.to(ssm.url().getPort(), ROUND_TRIP)) {
            measure("a healthy SSM, round trip " + ROUND_TRIP.toMillis() + " ms", ssm, link.port(), "");
        }
        try (SsmSimulator ssm = SsmSimulator.builder().start();
                ServerSocket unresponsive = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            measure(
                    "an SSM and a time server that do not answer",
                    ssm,
                    unresponsive.getLocalPort(),
                    ", ntp: 127.0.0.2");
        }
    }

    private void measure(String title, SsmSimulator ssm, int port, String moreProbes) throws Exception {
        report.title("(e) all probes in parallel against the slowest alone: " + title);
        Path workDir = Files.createTempDirectory(folder, "probes");
        Site site = TempRelay.in(workDir)
                .of(ssm)
                .ssm("url", "https://localhost:" + port)
                .site("probes", "{ ping: true" + moreProbes + " }")
                .brokers("127.0.0.1:1")
                .configuration()
                .sites()
                .get(0);
        try (SsmServer server = new SsmServer(
                site,
                RejectedCredentials.none(CLOCK),
                new HttpRequests(CLOCK),
                Redactor.of(List::of),
                TokenListener.NONE,
                CLOCK)) {
            measure(site, probes(server));
        }
    }

    private static List<Probe> probes(SsmServer server) {
        return List.of(
                new DnsProbe(Set::of),
                new TcpProbe(),
                new TlsProbe(CLOCK),
                new HttpProbe(CLOCK),
                server.oauthProbe(any -> Optional.empty()),
                new NtpProbe(CLOCK),
                new PingProbe(),
                new SsmStateProbe(null, CLOCK));
    }

    private void measure(Site site, List<Probe> probes) throws Exception {
        Failure failure = TestSite.failure(CLOCK.instant());
        Map<String, Figures> alone = new LinkedHashMap<>();
        Figures parallel = new Figures();
        try (EvidenceFlow routes = EvidenceFlow.start(site, probes)) {
            for (int round = -1; round < rounds; round++) {
                for (Probe probe : probes) {
                    Deadline deadline = Deadline.in(
                            site.probing().deadline().multipliedBy(9).dividedBy(10));
                    long start = System.nanoTime();
                    probe.run(new ProbeTarget(site, failure), deadline);
                    add(round, alone.computeIfAbsent(probe.name(), name -> new Figures()), start);
                }
                long start = System.nanoTime();
                Evidence evidence = routes.collect(failure);
                add(round, parallel, start);
                if (evidence.probes().size() != probes.size()) {
                    throw new IllegalStateException("a probe is missing");
                }
            }
        }
        alone.forEach((name, figures) -> report.figure(name + " alone", figures, "ms"));
        report.figure("all in parallel", parallel, "ms");
        double slowest =
                alone.values().stream().mapToDouble(Figures::median).max().orElse(0);
        report.atMost("in parallel − the slowest alone, ms", parallel.median() - slowest, MAX_OVERHEAD_MILLIS);
    }

    private static void add(int round, Figures figures, long start) {
        if (round >= 0) {
            figures.add((System.nanoTime() - start) / 1e6);
        }
    }
}
