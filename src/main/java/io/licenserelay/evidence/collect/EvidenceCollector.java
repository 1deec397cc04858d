package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.threads.WorkerThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Collects evidence without routes, for a command that looks at a site: every probe and every log, side by side, under the site's one
 * deadline. Thread-safe.
 */
public final class EvidenceCollector implements AutoCloseable {
    /** Enough for the probes and logs of a site; more wait their turn, within their deadline. */
    private static final int THREADS = 32;

    private final List<Probe> probes;
    private final LogReader logs;
    private final ExecutorService workers;

    /** Results come in the order of these probes. */
    public EvidenceCollector(List<Probe> probes, LogReader logs) {
        this.probes = List.copyOf(probes);
        this.logs = logs;
        this.workers = WorkerThreads.limited("evidence", THREADS);
    }

    /**
     * Takes as long as the slowest probe, and never longer than {@code site.probing().deadline()}. Never throws: what did
     * not finish in time, or broke, is in the evidence as that.
     */
    public Evidence collect(Failure failure, Site site) {
        Deadline all = Deadline.in(site.probing().deadline());
        EvidenceCollection collection = EvidenceCollection.of(
                failure, site, probes.stream().map(Probe::name).toList(), List.of());
        List<Pending> pending = new ArrayList<>();
        for (int index = 0; index < probes.size(); index++) {
            Probe probe = probes.get(index);
            ProbeTask task = collection.probeTasks().get(index);
            pending.add(start(task, Duration.ZERO, () -> probe.run(task.target(), task.deadline())));
        }
        for (LogTask task : collection.logTasks()) {
            pending.add(start(task, task.arriving(), () -> logs.read(task.log(), failure, task.deadline())));
        }
        pending.forEach(task -> task.await(all));
        return collection.evidence();
    }

    /** Interrupts what still runs; everything collected afterwards is unfinished. */
    @Override
    public void close() {
        workers.shutdownNow();
    }

    private Pending start(EvidenceTask<?> task, Duration after, Callable<?> work) {
        FutureTask<?> future = new FutureTask<>(() -> {
            task.begin();
            task.end(work.call());
            return null;
        });
        try {
            Executor then = after.isZero()
                    ? workers
                    : CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS, workers);
            then.execute(future);
        } catch (RejectedExecutionException closed) {
            task.fail("closed");
            future.cancel(false);
        }
        return new Pending(task, future);
    }

    /** Work under way. */
    private record Pending(EvidenceTask<?> task, Future<?> future) {

        void await(Deadline deadline) {
            try {
                future.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                task.fail(EvidenceTask.LATE);
                future.cancel(true);
            } catch (CancellationException closed) {
                task.fail("closed");
            } catch (ExecutionException broken) {
                task.end(broken.getCause());
            } catch (InterruptedException interrupted) {
                task.fail("interrupted");
                future.cancel(true);
                Thread.currentThread().interrupt();
            }
        }
    }
}
