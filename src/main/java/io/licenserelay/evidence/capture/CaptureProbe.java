package io.licenserelay.evidence.capture;

import io.licenserelay.config.site.Site;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.probes.OneRequest;
import io.licenserelay.evidence.process.ChildProcess;
import io.licenserelay.store.OwnerOnly;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures one of the relay's own requests with the system's {@code tcpdump}, and no other traffic: the request's local port is known
 * before it is sent, and is part of the filter. The request carries no credentials. Time, packets and bytes per packet are limited.
 *
 * <p>Reasons: {@code ok}; when skipped {@code no-tcpdump}, {@code not-permitted} (with the message of tcpdump), {@code dns};
 * {@code unreadable}, {@code interrupted}.
 */
public final class CaptureProbe implements Probe {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureProbe.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** Enough for the names and certificates of a handshake. The other data is encrypted. */
    private static final int BYTES_PER_PACKET = 1600;

    private static final int MAX_CAPTURES = 20;
    private static final int MAX_MESSAGE_LENGTH = 200;

    private final Path folder;
    private final String command;
    private final Clock clock;

    /**
     * @param folder the folder of the newest 20 captures; created when needed
     * @param command {@code tcpdump}, or its path
     */
    public CaptureProbe(Path folder, String command, Clock clock) {
        this.folder = folder;
        this.command = command;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        Site.Capturing limits = target.site().probing().capture();
        String endpoint = target.host() + ":" + target.port();
        if (limits == null) {
            return nothing(endpoint, Status.SKIPPED, "off", "");
        }
        Duration limit = Duration.ofSeconds(limits.seconds());
        Deadline captureDeadline = deadline.left().compareTo(limit) < 0 ? deadline : Deadline.in(limit);
        try (OneRequest request = OneRequest.to(target.site(), captureDeadline)) {
            return capture(endpoint, request, limits, captureDeadline);
        } catch (UnknownHostException noName) {
            return nothing(endpoint, Status.SKIPPED, "dns", String.valueOf(noName.getMessage()));
        } catch (IOException broken) {
            return nothing(endpoint, Status.ERROR, "broken", broken.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return nothing(endpoint, Status.ERROR, "interrupted", "");
        }
    }

    private ProbeResult capture(String endpoint, OneRequest request, Site.Capturing limits, Deadline deadline)
            throws InterruptedException, IOException {
        OwnerOnly.createDirectories(folder);
        Path file = folder.resolve(String.format(Locale.ROOT, "%s-%d.pcap", safe(endpoint), clock.millis()));
        OwnerOnly.createFile(file);
        Process tcpdump;
        try {
            tcpdump = ChildProcess.of(arguments(request, limits))
                    .redirectOutput(file.toFile())
                    .start();
        } catch (IOException missing) {
            Files.deleteIfExists(file);
            return nothing(endpoint, Status.SKIPPED, "no-tcpdump", "");
        }
        try {
            String error = startError(tcpdump, deadline);
            if (!error.isEmpty()) {
                Files.deleteIfExists(file);
                return nothing(endpoint, Status.SKIPPED, "not-permitted", error);
            }
            request.send(deadline);
        } finally {
            end(tcpdump);
        }
        deleteOldCaptures();
        return read(endpoint, file);
    }

    /** Arguments as a list, so that no shell interprets them. */
    private List<String> arguments(OneRequest request, Site.Capturing limits) {
        String filter = "host " + request.address().getHostAddress().replaceFirst("%.*", "") + " and port "
                + request.port() + " and port " + request.localPort();
        return List.of(
                command,
                "-i",
                limits.device(),
                "-nn",
                "-U",
                "--immediate-mode",
                "-s",
                Integer.toString(BYTES_PER_PACKET),
                "-c",
                Integer.toString(limits.packets()),
                "-w",
                "-",
                filter);
    }

    /** Empty once tcpdump captures; otherwise its message. */
    private static String startError(Process tcpdump, Deadline deadline) throws InterruptedException {
        CompletableFuture<String> message = CompletableFuture.supplyAsync(() -> startMessage(tcpdump));
        long timeoutMillis = Math.min(START_TIMEOUT.toMillis(), deadline.leftMillis());
        try {
            return message.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return "tcpdump did not start within " + timeoutMillis + " ms";
        } catch (ExecutionException broken) {
            return String.valueOf(broken.getCause());
        }
    }

    private static String startMessage(Process tcpdump) {
        StringBuilder message = new StringBuilder();
        BufferedReader err =
                new BufferedReader(new InputStreamReader(tcpdump.getErrorStream(), StandardCharsets.UTF_8));
        try {
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                if (line.contains("listening on")) {
                    return "";
                }
                message.append(message.isEmpty() ? "" : "; ").append(line);
            }
        } catch (IOException ended) {
            message.append(ended.getMessage());
        }
        String all = message.isEmpty()
                ? "tcpdump ended without a message"
                : message.toString().replaceAll("\\p{Cntrl}", "?");
        return all.substring(0, Math.min(MAX_MESSAGE_LENGTH, all.length()));
    }

    /** Ends tcpdump with a signal, on which it writes its buffered packets. */
    private static void end(Process tcpdump) throws InterruptedException {
        tcpdump.destroy();
        if (!tcpdump.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            tcpdump.destroyForcibly();
        }
    }

    private ProbeResult read(String endpoint, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            Capture capture = Capture.read(file, Deadline.in(STOP_TIMEOUT));
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("file", file.getFileName().toString());
            // The digest of the raw bytes, by which the bundle identifies the file. The bytes include sequence
            // numbers and times, so nobody can guess the rest; this request never carries a password.
            details.put("sha256", Digests.sha256(bytes));
            details.put("bytes", bytes.length);
            details.put("packets", capture.packets());
            details.put("connections", capture.conversations().size());
            boolean hasPackets = capture.packets() > 0;
            return new ProbeResult(
                    name(),
                    endpoint,
                    Status.OK,
                    hasPackets ? "ok" : "nothing-seen",
                    Map.of(),
                    details,
                    CaptureFindings.of(capture));
        } catch (BadCapture bad) {
            return nothing(endpoint, Status.ERROR, "unreadable", String.valueOf(bad.getMessage()));
        }
    }

    private void deleteOldCaptures() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> old = files.filter(file -> file.toString().endsWith(".pcap"))
                    .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified())
                            .reversed())
                    .skip(MAX_CAPTURES)
                    .toList();
            for (Path file : old) {
                Files.deleteIfExists(file);
                LOG.debug("{} was removed: there are newer captures", file);
            }
        }
    }

    private static String safe(String endpoint) {
        return endpoint.replaceAll("[^A-Za-z0-9.-]", "_");
    }

    private ProbeResult nothing(String endpoint, Status status, String reason, String error) {
        Map<String, Object> details = error.isEmpty() ? Map.of() : Map.of("error", error);
        return nothing(endpoint, status, reason, details);
    }
}
