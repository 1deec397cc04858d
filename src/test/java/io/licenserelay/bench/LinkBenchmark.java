package io.licenserelay.bench;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * (b) Pulls many virtual accounts over a link with a long round trip. The floor is the time of the round trips. The
 * lists of one virtual account are requested one after the other. The site's setting determines how many virtual
 * accounts are read in parallel.
 */
final class LinkBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SSM_CLIENT_SECRET", "relay-secret-1");

    /** The time from SYN to SYN-ACK in the first network capture of this project. */
    private static final Duration ROUND_TRIP = Duration.ofMillis(244);

    private static final int PARALLEL = 32;
    private static final int LISTS = 3;
    private static final int LICENSES = 20;

    /**
     * The round trips of the other requests: the list of virtual accounts and the alerts. The first pull also requests
     * the token, and opens three connections one after the other, with TCP and TLS 1.3.
     */
    private static final Map<String, Integer> OTHER_ROUND_TRIPS = Map.of("first", 2 + 1 + 3 * 2, "second", 2);

    private final Path folder;
    private final int virtualAccounts;
    private final Report report;

    LinkBenchmark(Path folder, int virtualAccounts, Report report) {
        this.folder = folder;
        this.virtualAccounts = virtualAccounts;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(b) " + virtualAccounts + " virtual accounts, round trip " + ROUND_TRIP.toMillis() + " ms, "
                + PARALLEL + " in parallel");
        Path workDir = Files.createTempDirectory(folder, "link");
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(Estate.generate(1, virtualAccounts, LICENSES, 42))
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                SlowLink link = SlowLink.to(ssm.url().getPort(), ROUND_TRIP)) {
            Path config = TempRelay.in(workDir)
                    .of(ssm)
                    .ssm("url", "https://localhost:" + link.port())
                    .ssm("limits", "{ total: 10m }")
                    .brokers("127.0.0.1:1")
                    .site("accounts", "[ACME]")
                    .site("parallel", Integer.toString(PARALLEL))
                    .writeConfiguration();
            Map<String, Double> seconds = ChildJvm.run(
                    SECRETS,
                    Benchmarks.RELAY_OPTIONS,
                    RelayPull.class,
                    config.toString(),
                    workDir.resolve("relay").toString(),
                    Relays.routesWithoutPublishing(workDir.resolve("routes")).toString(),
                    Integer.toString(virtualAccounts * LICENSES));
            OTHER_ROUND_TRIPS.forEach((pull, others) -> print(pull, others, seconds.getOrDefault(pull, Double.NaN)));
        }
        Benchmarks.delete(workDir);
    }

    private void print(String pull, int others, double seconds) {
        double roundTrips = Math.ceil((double) virtualAccounts / PARALLEL) * LISTS + others;
        double bound = roundTrips * ROUND_TRIP.toMillis() / 1e3;
        report.figure(pull + " pull: only the link's round trips", bound, "s");
        report.figure(pull + " pull: relay", seconds, "s");
        report.atMost(pull + " pull: relay / round trips", seconds / bound, 1.1);
    }
}
