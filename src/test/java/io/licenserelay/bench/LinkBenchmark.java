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
 * (b) Many virtual accounts over a long link, against what the link's round trips alone take: each virtual account's lists
 * are asked for one after the other, as many virtual accounts side by side as the site allows.
 */
final class LinkBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SSM_CLIENT_SECRET", "relay-secret-1");

    /** From SYN to SYN-ACK, as the capture shows it that this project started from. */
    private static final Duration ROUND_TRIP = Duration.ofMillis(244);

    private static final int PARALLEL = 32;
    private static final int LISTS = 3;
    private static final int LICENSES = 20;

    /** The list of virtual accounts and the alerts; the first time the token too, and TCP and TLS 1.3 thrice in a row. */
    private static final Map<String, Integer> OTHERS = Map.of("first", 2 + 1 + 3 * 2, "second", 2);

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
                + PARALLEL + " side by side");
        Path place = Files.createTempDirectory(folder, "link");
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(Estate.generate(1, virtualAccounts, LICENSES, 42))
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                SlowLink link = SlowLink.to(ssm.url().getPort(), ROUND_TRIP)) {
            Path config = TempRelay.in(place)
                    .of(ssm)
                    .ssm("url", "https://localhost:" + link.port())
                    .ssm("limits", "{ total: 10m }")
                    .brokers("127.0.0.1:1")
                    .site("accounts", "[ACME]")
                    .site("parallel", Integer.toString(PARALLEL))
                    .writeConfiguration();
            Map<String, Double> said = ChildJvm.run(
                    SECRETS,
                    Benchmarks.RELAY_OPTIONS,
                    RelayPull.class,
                    config.toString(),
                    place.resolve("relay").toString(),
                    Relays.routesWithoutPublishing(place.resolve("routes")).toString(),
                    Integer.toString(virtualAccounts * LICENSES));
            OTHERS.forEach((pull, others) -> tell(pull, others, said.getOrDefault(pull, Double.NaN)));
        }
        Benchmarks.delete(place);
    }

    private void tell(String pull, int others, double seconds) {
        double roundTrips = Math.ceil((double) virtualAccounts / PARALLEL) * LISTS + others;
        double bound = roundTrips * ROUND_TRIP.toMillis() / 1e3;
        report.figure(pull + " pull: the link's round trips alone", bound, "s");
        report.figure(pull + " pull: relay", seconds, "s");
        report.atMost(pull + " pull: relay / round trips", seconds / bound, 1.1);
    }
}
