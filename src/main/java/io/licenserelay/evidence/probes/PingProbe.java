package io.licenserelay.evidence.probes;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.process.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Checks whether the host of SSM (or of its proxy) answers an ICMP echo. Many healthy hosts do not, so the probe has no finding. The JDK
 * sends an echo only with the privilege for raw sockets, and otherwise silently tries TCP port 7. The probe therefore uses the JDK only
 * with that privilege, and otherwise the system's {@code ping}.
 *
 * <p>Reasons: {@code ok}, {@code no-reply}; when skipped {@code off} ({@code probes.ping} is false), {@code not-permitted} (neither the
 * privilege nor a {@code ping}), {@code dns}; {@code broken} (ping itself failed), {@code interrupted}.
 */
public final class PingProbe implements Probe {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int CAP_NET_RAW = 13;

    private final Path status;
    private final List<Path> folders;

    /** Uses the privileges of this process. */
    public PingProbe() {
        this(
                Path.of("/proc/self/status"),
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of)
                        .toList());
    }

    /**
     * @param status the status file of a process on Linux
     * @param folders folders that are searched for ping
     */
    PingProbe(Path status, List<Path> folders) {
        this.status = status;
        this.folders = folders;
    }

    @Override
    public String name() {
        return "ping";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        String host =
                ResolvedAddresses.bare(ConnectionPath.configured(target.site()).host());
        if (!target.site().probing().ping()) {
            return nothing(host, Status.SKIPPED, "off", Map.of());
        }
        try {
            boolean raw = maySendRaw();
            Optional<Path> command = command();
            if (!raw && command.isEmpty()) {
                return nothing(host, Status.SKIPPED, "not-permitted", Map.of());
            }
            InetAddress address = ResolvedAddresses.lookUp(host).await(deadline).get(0);
            Duration timeout = deadline.left().compareTo(TIMEOUT) < 0 ? deadline.left() : TIMEOUT;
            return raw ? echo(host, address, timeout) : command(host, address, command.get(), timeout);
        } catch (UnknownHostException unknown) {
            return nothing(host, Status.SKIPPED, "dns", Map.of());
        } catch (InterruptedIOException interrupted) {
            return nothing(host, Status.ERROR, "interrupted", Map.of());
        } catch (IOException broken) {
            return nothing(host, Status.ERROR, "broken", Map.of("error", String.valueOf(broken.getMessage())));
        }
    }

    private ProbeResult echo(String host, InetAddress address, Duration timeout) throws IOException {
        Stopwatch watch = Stopwatch.start();
        boolean replied = address.isReachable((int) Math.max(1, timeout.toMillis()));
        return answered(host, address, "raw socket", replied, watch.millis());
    }

    private ProbeResult command(String host, InetAddress address, Path ping, Duration timeout) throws IOException {
        long seconds = Math.max(1, timeout.toSeconds());
        Stopwatch watch = Stopwatch.start();
        Process process = ChildProcess.of(List.of(
                        ping.toString(), "-n", "-q", "-c", "1", "-W", Long.toString(seconds), address.getHostAddress()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            boolean ended = process.waitFor(timeout.toMillis() + 500, TimeUnit.MILLISECONDS);
            int code = ended ? process.exitValue() : 1;
            // Exit code 1 means no reply; 2 and more mean that ping itself failed.
            return code > 1
                    ? nothing(host, Status.ERROR, "broken", Map.of("error", ping + " ended with " + code))
                    : answered(host, address, ping.toString(), code == 0, watch.millis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while pinging " + host);
        } finally {
            process.destroyForcibly();
        }
    }

    private ProbeResult answered(String host, InetAddress address, String by, boolean replied, double millis) {
        return new ProbeResult(
                name(),
                host,
                replied ? Status.OK : Status.FAILED,
                replied ? "ok" : "no-reply",
                Map.of("wait", millis),
                Map.of("address", address.getHostAddress(), "by", by),
                List.of());
    }

    /** Whether this process has the capability. Without the status file this is unknown, and the answer is no. */
    private boolean maySendRaw() throws IOException {
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .anyMatch(capabilities -> (capabilities >> CAP_NET_RAW & 1) == 1);
    }

    private Optional<Path> command() {
        return folders.stream()
                .map(folder -> folder.resolve("ping"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
