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

/** The evidence of one failure while it is collected. Thread-safe. */
public final class EvidenceCollection {
    private final @Nullable Failure failure;
    private final List<ProbeTask> probes;
    private final List<LogTask> logs;

    /**
     * Collects with these tasks; the results come in their order.
     *
     * @param failure null when nothing failed
     */
    EvidenceCollection(@Nullable Failure failure, List<ProbeTask> probes, List<LogTask> logs) {
        this.failure = failure;
        this.probes = List.copyOf(probes);
        this.logs = List.copyOf(logs);
    }

    /**
     * The tasks of a failure: these probes, every log of the site, and these logs that have routes of their own.
     *
     * @param probes names, in the order of the results
     * @param ownLogs names, in the order of the results
     * @param reader of the lines of these logs
     */
    static EvidenceCollection of(
            Failure failure, Site site, List<String> probes, List<String> ownLogs, LogReader reader) {
        ProbeTarget target = new ProbeTarget(site, failure);
        // Probes that keep their deadline get to report what they observed.
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
                        .toList());
    }

    /** A failure that needs no probe and no log: what it knows is all there is. */
    public static EvidenceCollection nothing(Failure failure) {
        return new EvidenceCollection(failure, List.of(), List.of());
    }

    List<ProbeTask> probeTasks() {
        return probes;
    }

    List<LogTask> logTasks() {
        return logs;
    }

    /** Everything that is to be done side by side. */
    public List<EvidenceTask<?>> tasks() {
        return Stream.<EvidenceTask<?>>concat(probes.stream(), logs.stream()).toList();
    }

    /**
     * Nobody waits any longer: what has no result is late.
     *
     * @return this
     */
    public EvidenceCollection complete() {
        end(EvidenceTask.LATE);
        return this;
    }

    /** The relay stops while this thread waits: what has no result was interrupted. The thread stays interrupted. */
    void interrupt() {
        end("interrupted");
        Thread.currentThread().interrupt();
    }

    /** The relay has stopped: what has no result was not begun any more. */
    void close() {
        end("closed");
    }

    private void end(String reason) {
        tasks().forEach(task -> task.fail(reason));
    }

    /** @throws NullPointerException when a task has not ended, or nothing failed */
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
