package io.licenserelay.sync.schedule;

import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.reports.ack.AckPolling;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that the wall clock was set, and adjusts everything that waits for a time: the next runs are due by the new
 * clock, and pauses keep their length. An incident of the relay reports the step and is resolved at once, because
 * nothing is wrong any more. While another incident of the relay is open, the report waits: both share a place, and
 * neither may hide or resolve the other. Thread-safe.
 */
public final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    /** The reason for the resolve. The step is already over, so the rule for flapping incidents does not apply. */
    private static final String RESOLVE_REASON = "the relay continues with the new clock";

    private final ClockStepDetector steps;
    private final DueRuns dueRuns;
    private final DeadlineClock deadlines;
    private final Database database;
    private final IncidentReporter incidents;

    /** Steps that are not in the database yet. */
    private final Deque<ClockStep> unwritten = new ArrayDeque<>();

    private boolean unreported = true;
    private boolean set;

    public ClockWatch(
            DueRuns dueRuns, DeadlineClock deadlines, Database database, IncidentReporter incidents, Clock clock) {
        this.steps = ClockStepDetector.of(clock);
        this.dueRuns = dueRuns;
        this.deadlines = deadlines;
        this.database = database;
        this.incidents = incidents;
    }

    /** Restores the last step of an earlier process. Called once, before any run begins. */
    public void resume() {
        if (database.isShared()) {
            return;
        }
        database.read(tx -> tx.createQuery("SELECT behind_ms, behind_until FROM clock_step ORDER BY seq DESC LIMIT 1")
                        .map((row, context) -> new Behind(
                                Duration.ofMillis(row.getLong("behind_ms")),
                                Instant.ofEpochMilli(row.getLong("behind_until"))))
                        .findOne())
                .ifPresent(behind -> deadlines.resume(behind.by, behind.until));
    }

    private record Behind(Duration by, Instant until) {}

    /**
     * Checks whether the clock was set since the last call, and adjusts this process at once.
     *
     * @return the wall clock, read together with the monotonic clock
     */
    public synchronized Instant detectStep() {
        Optional<ClockStep> step = steps.detect();
        if (step.isPresent()) {
            LOG.warn(
                    "LIC8006: {}; the next runs are due by the new clock",
                    step.get().text());
            deadlines.stepped(step.get().by());
            dueRuns.clockStepped(step.get());
            unwritten.add(step.get());
            set = true;
        }
        deadlines.observe(steps.now());
        return steps.now();
    }

    /** Whether the clock was set since the last call. Quartz waits by the wall clock and has to be restarted then. */
    public synchronized boolean wasSet() {
        boolean was = set;
        set = false;
        return was;
    }

    /**
     * Records and reports detected steps. A step that cannot be written now is written by a later call. In a shared database
     * nothing is adjusted: a node whose clock differs much from that of the database owns nothing.
     */
    public synchronized void record() {
        if (database.isShared()) {
            unwritten.clear();
            return;
        }
        while (!unwritten.isEmpty()) {
            ClockStep step = unwritten.element();
            database.write(Database.RELAY, tx -> write(tx, step));
            unwritten.remove();
            unreported = true;
        }
        if (unreported && !database.read(this::isOccupied)) {
            unreported = database.write(Database.RELAY, this::publish);
        }
    }

    /** An incident of a configuration gives way; it is reported again afterwards. */
    private boolean isOccupied(Handle tx) {
        return incidents.isRelayOpen(tx) && !incidents.isConfigurationOpen(tx);
    }

    private int write(Handle tx, ClockStep step) {
        RejectedCredentials.clockStepped(tx, step.by());
        AckPolling.clockStepped(tx, step.by());
        return tx.execute(
                "INSERT INTO clock_step (expected_at, observed_at, description, behind_ms, behind_until, is_reported) VALUES (?, ?, ?, ?, ?, 0)",
                step.expected().toEpochMilli(),
                step.observed().toEpochMilli(),
                step.text(),
                deadlines.behind().toMillis(),
                step.observed().plus(deadlines.behind()).toEpochMilli());
    }

    private record Row(long seq, String what, Instant at) {}

    /** @return whether unreported steps remain */
    private boolean publish(Handle tx) {
        List<Row> rows = tx.createQuery(
                        "SELECT seq, description, observed_at FROM clock_step WHERE is_reported = 0 ORDER BY seq")
                .map((row, context) -> new Row(
                        row.getLong("seq"),
                        row.getString("description"),
                        Instant.ofEpochMilli(row.getLong("observed_at"))))
                .list();
        for (Row row : rows) {
            if (isOccupied(tx)) {
                return true;
            }
            incidents.reportRelay(tx, incidents.ofRelay(Step.APPLY, Findings.CLOCK_STEPPED, row.what, row.at));
            incidents.clearRelay(tx, RESOLVE_REASON);
            tx.execute("UPDATE clock_step SET is_reported = 1 WHERE seq = ?", row.seq);
        }
        return false;
    }
}
