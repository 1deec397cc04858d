package io.licenserelay.evidence;

import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.evidence.logs.Reading;
import io.licenserelay.site.Site;
import io.licenserelay.threads.WorkerThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what can be seen of a failure: every probe and every log, side by side, under the site's one deadline.
 * Thread-safe; failures of several sites are collected side by side as well.
 */
public final class Collector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    /** Enough for the probes and logs of a site; more wait their turn, within their deadline. */
    private static final int THREADS = 32;

    /** So long what a server sends of a failure is on its way to us. */
    private static final Duration ARRIVING = Duration.ofSeconds(1);

    private final List<Probe> probes;
    private final LogReader logs;
    private final ExecutorService workers;

    /** Results come in the order of these probes. */
    public Collector(List<Probe> probes, LogReader logs) {
        this.probes = List.copyOf(probes);
        this.logs = logs;
        this.workers = WorkerThreads.limited("evidence", THREADS);
    }

    /**
     * Takes as long as the slowest probe, and never longer than {@code site.probing().deadline()}. Never throws: what did
     * not finish in time, or broke, is in the evidence as that.
     */
    public Evidence collect(Failure failure, Site site) {
        Target target = new Target(site, failure);
        Deadline all = Deadline.in(site.probing().deadline());
        // Probes that keep their deadline get to tell what they saw.
        Deadline each = Deadline.in(site.probing().deadline().multipliedBy(9).dividedBy(10));
        List<Pending<ProbeResult>> probing = start(probes, target, each);
        List<Pending<Reading>> reading = site.logs().stream()
                .map(log -> start(after(log), () -> logs.read(log, failure, each), why -> unread(log, why)))
                .toList();
        List<ProbeResult> results =
                probing.stream().map(pending -> pending.await(all)).toList();
        List<Reading> readings =
                reading.stream().map(pending -> pending.await(all)).toList();
        return Evidence.of(
                failure,
                results,
                readings.stream().map(Reading::excerpt).toList(),
                readings.stream().flatMap(read -> read.findings().stream()).toList());
    }

    /** Runs the probes with these names on a site where nothing failed, under the same deadline; never throws. */
    public List<ProbeResult> look(Site site, Set<String> names) {
        Deadline all = Deadline.in(site.probing().deadline());
        List<Probe> wanted =
                probes.stream().filter(probe -> names.contains(probe.name())).toList();
        return start(wanted, new Target(site, null), all).stream()
                .map(pending -> pending.await(all))
                .toList();
    }

    private List<Pending<ProbeResult>> start(List<Probe> wanted, Target target, Deadline deadline) {
        return wanted.stream()
                .map(probe -> start(() -> probe.run(target, deadline), why -> unfinished(probe, target, why)))
                .toList();
    }

    /** Interrupts what still runs; everything collected afterwards is unfinished. */
    @Override
    public void close() {
        workers.shutdownNow();
    }

    private static Duration after(Site.LogFile log) {
        return log.syslog() == null ? Duration.ZERO : ARRIVING;
    }

    private <T> Pending<T> start(Callable<T> work, Function<String, T> instead) {
        return start(Duration.ZERO, work, instead);
    }

    private <T> Pending<T> start(Duration after, Callable<T> work, Function<String, T> instead) {
        if (!after.isZero()) {
            FutureTask<T> later = new FutureTask<>(work);
            CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS, workers)
                    .execute(later);
            return new Pending<>(later, instead);
        }
        try {
            return new Pending<>(workers.submit(work), instead);
        } catch (RejectedExecutionException closed) {
            return new Pending<>(CompletableFuture.completedFuture(instead.apply("closed")), instead);
        }
    }

    private static ProbeResult unfinished(Probe probe, Target target, String reason) {
        String where = target.host() + ":" + target.port();
        return new ProbeResult(probe.name(), where, Status.ERROR, reason, Map.of(), Map.of(), List.of());
    }

    private static Reading unread(Site.LogFile log, String reason) {
        String note = "it was not read: " + reason;
        Excerpt nothing = new Excerpt(log.name(), log.path().toString(), List.of(), null, null, false, note);
        Finding finding = new Finding(Findings.LOG_NOT_COVERING, "log " + log.name() + ": " + note);
        return new Reading(nothing, List.of(finding));
    }

    /**
     * Work under way.
     *
     * @param instead what stands for it when it does not end well, given the reason: {@code deadline}, {@code broken},
     *     {@code interrupted}, {@code closed}
     */
    private record Pending<T>(Future<T> future, Function<String, T> instead) {

        T await(Deadline deadline) {
            try {
                return future.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                future.cancel(true);
                return instead.apply("deadline");
            } catch (ExecutionException broken) {
                LOG.warn("A probe or log broke, which is a fault of the relay", broken.getCause());
                return instead.apply("broken");
            } catch (InterruptedException interrupted) {
                future.cancel(true);
                Thread.currentThread().interrupt();
                return instead.apply("interrupted");
            }
        }
    }
}
