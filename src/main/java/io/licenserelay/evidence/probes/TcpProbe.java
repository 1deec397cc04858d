package io.licenserelay.evidence.probes;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.probes.TcpAttempt.Outcome;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Checks whether every address of SSM (or of its proxy) accepts connections. All addresses are tried in parallel and separately, because a
 * client's fallback to a working address hides a failing one.
 *
 * <p>Reasons: {@code ok}, {@code refused}, {@code timeout}, {@code reset}, {@code no-route}, {@code some-failed}; {@code dns} when skipped
 * without an address; {@code interrupted}.
 */
public final class TcpProbe implements Probe {
    /** The maximum number of tried addresses; a server with more of them has a load balancer. */
    private static final int MAX = 16;

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        ConnectionPath path = ConnectionPath.configured(target.site());
        try {
            return probe(path, ResolvedAddresses.lookUp(path.host()).await(deadline), deadline);
        } catch (UnknownHostException unknown) {
            return nothing(path.host() + ":" + path.port(), Status.SKIPPED, "dns", Map.of());
        } catch (InterruptedIOException | InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return nothing(path.host() + ":" + path.port(), Status.ERROR, "interrupted", Map.of());
        }
    }

    ProbeResult probe(ConnectionPath path, List<InetAddress> addresses, Deadline deadline) throws InterruptedException {
        return combine(path, attempt(path, addresses.stream().limit(MAX).toList(), deadline));
    }

    private List<TcpAttempt> attempt(ConnectionPath path, List<InetAddress> addresses, Deadline deadline)
            throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(addresses.size(), task -> {
            Thread thread = new Thread(task, "tcp probe");
            thread.setDaemon(true);
            return thread;
        });
        try {
            int timeoutMillis = ConnectionPath.millis(path.limits().connect(), deadline);
            List<Callable<TcpAttempt>> attempts = addresses.stream()
                    .map(address -> new InetSocketAddress(address, path.port()))
                    .map(address -> (Callable<TcpAttempt>) () -> TcpAttempt.to(address, timeoutMillis))
                    .toList();
            return workers.invokeAll(attempts).stream().map(TcpProbe::done).toList();
        } finally {
            workers.shutdownNow();
        }
    }

    /** An attempt reports every failure as its outcome. */
    private static TcpAttempt done(Future<TcpAttempt> attempt) {
        try {
            return attempt.get();
        } catch (InterruptedException | ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private ProbeResult combine(ConnectionPath path, List<TcpAttempt> attempts) {
        Outcome worst = attempts.stream().map(TcpAttempt::outcome).reduce(Outcome.CONNECTED, TcpProbe::moreCertain);
        long connected = attempts.stream().filter(TcpAttempt::connected).count();
        // A local server may listen on only one of the two addresses of localhost; this is not a DNS error.
        boolean spread = !path.host().equals("localhost");
        boolean some = spread && connected > 0 && worst != Outcome.CONNECTED && worst != Outcome.NO_ROUTE;
        boolean ok = connected > 0 && !some;
        String phrase = attempts.stream().map(TcpAttempt::toString).collect(Collectors.joining(", "));
        String name = some ? Findings.TCP_SOME_FAILED : ok ? Findings.TCP_CONNECTED : finding(path, worst);
        return new ProbeResult(
                name(),
                path.host() + ":" + path.port(),
                ok ? Status.OK : Status.FAILED,
                some ? "some-failed" : ok ? "ok" : worst.wireName(),
                fastest(attempts),
                Map.of("addresses", attempts.stream().map(TcpAttempt::details).toList()),
                List.of(new Finding(name, phrase)));
    }

    /** A refusal proves more than a timeout. */
    private static Outcome moreCertain(Outcome a, Outcome b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static String finding(ConnectionPath path, Outcome outcome) {
        if (path.proxied()) {
            return Findings.PROXY_REFUSED;
        }
        return switch (outcome) {
            case REFUSED -> Findings.TCP_REFUSED;
            case RESET -> Findings.TCP_RESET;
            case CONNECTED, NO_ROUTE, TIMEOUT -> Findings.TCP_TIMEOUT;
        };
    }

    private static Map<String, Double> fastest(List<TcpAttempt> attempts) {
        return attempts.stream()
                .filter(TcpAttempt::connected)
                .map(attempt -> Map.of("connect", attempt.millis()))
                .min((a, b) -> Double.compare(a.getOrDefault("connect", 0.0), b.getOrDefault("connect", 0.0)))
                .orElse(Map.of());
    }
}
