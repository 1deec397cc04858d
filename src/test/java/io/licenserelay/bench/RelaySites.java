package io.licenserelay.bench;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * In a separate JVM: a relay with schedules, which first catches up on every site. Then it syncs all sites once. At the
 * end it measures its resources while it is idle.
 */
final class RelaySites {
    /** Longer than idle workers and connections are kept. */
    private static final Duration IDLE = Duration.ofSeconds(15);

    private RelaySites() {}

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = Configuration.read(Path.of(arguments[0]), System.getenv(), Map.of());
        Path data = Files.createDirectories(Path.of(arguments[1]));
        int sites = configuration.sites().size();
        long start = System.nanoTime();
        try (Relay relay = new Relay(configuration, data, Clock.systemUTC())) {
            ChildJvm.timed("ready", () -> relay.start(Path.of("routes"), true));
            double descriptors = 0;
            while (finishedRuns(relay) < sites) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                descriptors = Math.max(descriptors, descriptors());
            }
            ChildJvm.print("caught up", ChildJvm.secondsSince(start));
            ChildJvm.timed("sync", () -> relay.asSyncs().sync(null, false));
            ChildJvm.print("descriptors at most", Math.max(descriptors, descriptors()));
            ChildJvm.print(
                    "threads at most", ManagementFactory.getThreadMXBean().getPeakThreadCount());
            ChildJvm.print("resident MB at most", Relays.peakResidentMegabytes());
            LockSupport.parkNanos(IDLE.toNanos());
            ChildJvm.print("threads", ManagementFactory.getThreadMXBean().getThreadCount());
            ChildJvm.print("descriptors", descriptors());
            ChildJvm.print("resident MB", currentResidentMegabytes());
        }
    }

    private static int finishedRuns(Relay relay) {
        return relay.database().read(tx -> tx.createQuery("SELECT COUNT(*) FROM run WHERE finished_at IS NOT NULL")
                .mapTo(Integer.class)
                .one());
    }

    private static double descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static double currentResidentMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        }
    }
}
