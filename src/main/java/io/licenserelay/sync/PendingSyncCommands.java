package io.licenserelay.sync;

import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.schedule.RunQueue;
import io.licenserelay.threads.WorkerThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepted commands whose sync has not ended. A command is written to the database before its Kafka offset is
 * committed, and deleted after the outcome of its sync is recorded, so that neither a crash nor a full disk loses a
 * command. Commands go through the run queue like scheduled runs, so that a site that does not answer does not delay
 * commands of other sites. The commands of one site run one after the other, in the order of their records.
 * Thread-safe.
 */
public final class PendingSyncCommands {
    private static final Logger LOG = LoggerFactory.getLogger(PendingSyncCommands.class);

    /** The maximum number of pending commands per site. Further commands are rejected. */
    static final int MAX_PER_SITE = 10;

    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration MAX_RETRY = Duration.ofHours(1);

    private final Database database;
    private final Sites sites;
    private final RunQueue queue;
    private final Duration firstRetry;
    private final Clock clock;

    /** The pending commands of each site. The first one is in the run queue. */
    private final Map<String, Deque<Pending>> bySite = new HashMap<>();

    private boolean started;

    public PendingSyncCommands(Database database, Sites sites, RunQueue queue, Clock clock) {
        this(database, sites, queue, FIRST_RETRY, clock);
    }

    PendingSyncCommands(Database database, Sites sites, RunQueue queue, Duration firstRetry, Clock clock) {
        this.database = database;
        this.sites = sites;
        this.queue = queue;
        this.firstRetry = firstRetry;
        this.clock = clock;
    }

    private record Pending(long seq, SyncRequest request) {}

    /**
     * Takes up the commands of owned sites that another process accepted. Called when this relay begins to work for a site, and
     * regularly while relays share the database.
     */
    public void collect() {
        for (Pending each : stored()) {
            if (database.owns(each.request.site())) {
                add(each);
            }
        }
    }

    /** Drops the commands of sites that are no longer configured. Called once, before new commands are accepted. */
    public void dropUnknown() {
        for (Pending each : stored()) {
            if (!sites.isKnown(each.request.site())) {
                LOG.warn("dropped a command for {}: the site is no longer configured", each.request.site());
                database.write(Database.RELAY, tx -> delete(tx, each));
            }
        }
    }

    private List<Pending> stored() {
        return database.read(
                tx -> tx.createQuery("SELECT seq, site, requested_by, reason FROM pending_command ORDER BY seq")
                        .map((row, context) -> new Pending(
                                row.getLong("seq"),
                                request(row.getString("site"), row.getString("requested_by"), row.getString("reason"))))
                        .list());
    }

    /** Forgets the commands of a site that this relay no longer works for. They stay stored for its owner. */
    public synchronized void end(String site) {
        bySite.remove(site);
    }

    /** Starts to run commands. Called once, after the routes of all sites have started. */
    public void begin() {
        List<Pending> first;
        synchronized (this) {
            started = true;
            first = bySite.values().stream().map(Deque::element).toList();
        }
        first.forEach(each -> run(each, firstRetry));
    }

    private static SyncRequest request(String site, @Nullable String requestedBy, @Nullable String reason) {
        return new SyncRequest(site, SyncRequest.Cause.COMMAND, requestedBy, reason, false);
    }

    /**
     * Accepts the command in the message. If Kafka delivers the record again before its sync has ended, it is accepted
     * only once.
     *
     * @throws InvalidCommand when too many commands already wait for the site
     * @throws StoreFailed when the command cannot be written to the database
     */
    public void accept(Exchange exchange, SyncRequest request) throws InvalidCommand {
        Message message = exchange.getMessage();
        String record = message.getHeader(KafkaConstants.TOPIC) + "/" + message.getHeader(KafkaConstants.PARTITION)
                + "/" + message.getHeader(KafkaConstants.OFFSET);
        accept(record, request);
    }

    /** @param record topic, partition and offset of the record */
    void accept(String record, SyncRequest request) throws InvalidCommand {
        if (count(request.site()) >= MAX_PER_SITE) {
            throw new InvalidCommand(
                    MAX_PER_SITE + " commands for " + request.site() + " are already waiting for their syncs");
        }
        // Any relay may accept a command; the owner of the site runs it.
        long seq = database.submit(tx -> {
            int added = tx.execute(
                    "INSERT INTO pending_command (record, site, requested_by, reason, accepted_at) VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT (record) DO NOTHING",
                    record,
                    request.site(),
                    request.requestedBy(),
                    request.reason(),
                    clock.millis());
            return added == 0
                    ? 0L
                    : tx.createQuery("SELECT seq FROM pending_command WHERE record = :record")
                            .bind("record", record)
                            .mapTo(Long.class)
                            .one();
        });
        if (seq > 0 && database.owns(request.site())) {
            add(new Pending(seq, request));
        }
    }

    private long count(String site) {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM pending_command WHERE site = :site")
                .bind("site", site)
                .mapTo(Long.class)
                .one());
    }

    private void add(Pending command) {
        boolean first;
        synchronized (this) {
            Deque<Pending> waiting = bySite.computeIfAbsent(command.request.site(), site -> new ArrayDeque<>());
            if (waiting.contains(command)) {
                return;
            }
            first = started && waiting.isEmpty();
            waiting.add(command);
        }
        if (first) {
            run(command, firstRetry);
        }
    }

    /** @param retry the delay before the command runs again if its sync does not finish */
    private void run(Pending command, Duration retry) {
        queue.submit(command.request).whenComplete((results, failure) -> {
            if (failure instanceof CancellationException || !database.owns(command.request.site())) {
                return;
            }
            if (failure == null && isFinished(results) && remove(command)) {
                runNext(command);
            } else {
                runAgain(command, retry);
            }
        });
    }

    private static boolean isFinished(List<SyncResult> results) {
        return !results.isEmpty() && results.stream().noneMatch(SyncResult::brokeOff);
    }

    private boolean remove(Pending command) {
        try {
            database.write(command.request.site(), tx -> delete(tx, command));
            return true;
        } catch (StoreFailed refused) {
            LOG.debug("the end of a command could not be written", refused);
            return false;
        }
    }

    private static int delete(Handle tx, Pending command) {
        return tx.execute("DELETE FROM pending_command WHERE seq = ?", command.seq);
    }

    private void runNext(Pending ended) {
        String site = ended.request.site();
        Pending next;
        synchronized (this) {
            Deque<Pending> waiting = bySite.getOrDefault(site, new ArrayDeque<>());
            waiting.remove(ended);
            next = waiting.peek();
            if (next == null) {
                bySite.remove(site);
            }
        }
        if (next != null) {
            run(next, firstRetry);
        }
    }

    private void runAgain(Pending command, Duration retry) {
        if (queue.isEnded()) {
            return;
        }
        LOG.warn(
                "{}: the sync of a command did not finish; the command runs again in {} s",
                command.request.site(),
                retry.toSeconds());
        Duration doubled = retry.multipliedBy(2);
        Duration next = doubled.compareTo(MAX_RETRY) > 0 ? MAX_RETRY : doubled;
        WorkerThreads.timer().schedule(() -> run(command, next), retry.toNanos(), TimeUnit.NANOSECONDS);
    }
}
