package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.evidence.logs.LogReading;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The evidence of one failure while it is being collected. Thread-safe. */
public final class EvidenceCollection {
    private final @Nullable Failure failure;
    private final List<ProbeTask> probes;
    private final List<LogTask> logs;
    private final ProbeListener listener;

    /**
     * Collects the results of these tasks, in the order of the tasks.
     *
     * @param failure null if nothing failed
     * @param listener observes the results of the probes
     */
    EvidenceCollection(@Nullable Failure failure, List<ProbeTask> probes, List<LogTask> logs, ProbeListener listener) {
        this.failure = failure;
        this.probes = List.copyOf(probes);
        this.logs = List.copyOf(logs);
        this.listener = listener;
    }

    /**
     * The tasks of a failure: the given probes, all logs of the site, and the logs with their own routes.
     *
     * @param probes names, in the order of the results
     * @param ownLogs names, in the order of the results
     * @param reader reads the lines of {@code ownLogs}
     * @param listener observes the results of the probes
     */
    static EvidenceCollection of(
            Failure failure,
            Site site,
            List<String> probes,
            List<String> ownLogs,
            LogReader reader,
            ProbeListener listener) {
        ProbeTarget target = new ProbeTarget(site, failure);
        // Leaves time to report the results of probes that keep their deadline.
        Deadline deadline =
                Deadline.in(site.probing().deadline().multipliedBy(9).dividedBy(10));
        return new EvidenceCollection(
                failure,
                probes.stream()
                        .map(name -> new ProbeTask(name, target, deadline))
                        .toList(),
                Stream.concat(
                                site.logs().stream().map(log -> new LogTask(log, target, deadline)),
                                ownLogs.stream().map(name -> new OwnLogTask(name, target, deadline, reader)))
                        .toList(),
                listener);
    }

    /** A failure that needs no probe and no log; it has only its own findings. */
    public static EvidenceCollection nothing(Failure failure) {
        return new EvidenceCollection(failure, List.of(), List.of(), ProbeListener.NONE);
    }

    List<ProbeTask> probeTasks() {
        return probes;
    }

    List<LogTask> logTasks() {
        return logs;
    }

    /** All tasks; they run in parallel. */
    public List<EvidenceTask<?>> tasks() {
        return Stream.<EvidenceTask<?>>concat(probes.stream(), logs.stream()).toList();
    }

    /**
     * Ends the collection: tasks without a result end as late.
     *
     * @return this
     */
    public EvidenceCollection complete() {
        end(EvidenceTask.LATE);
        probes.forEach(probe -> listener.probed(probe.site(), probe.result()));
        return this;
    }

    /** Ends tasks without a result as interrupted, because the relay is stopping. The thread stays interrupted. */
    void interrupt() {
        end("interrupted");
        Thread.currentThread().interrupt();
    }

    /** Ends tasks without a result as not started, because the relay has stopped. */
    void close() {
        end("closed");
    }

    private void end(String reason) {
        tasks().forEach(task -> task.fail(reason));
    }

    /** @throws NullPointerException when a task has not ended, or if there is no failure */
    public Evidence evidence() {
        List<LogReading> readings = logs.stream().map(EvidenceTask::result).toList();
        return Evidence.of(
                Objects.requireNonNull(failure, "nothing failed"),
                probes(),
                readings.stream().map(LogReading::excerpt).toList(),
                readings.stream().flatMap(read -> read.findings().stream()).toList());
    }

    /** @throws NullPointerException when a probe has not ended */
    public List<ProbeResult> probes() {
        return probes.stream().map(EvidenceTask::result).toList();
    }
}
