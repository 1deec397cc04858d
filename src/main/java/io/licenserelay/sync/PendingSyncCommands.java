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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that the relay has accepted and whose sync has not ended. A command is in the database before Kafka's offset passes it, and
 * leaves the database once the outcome of its sync is there, so that neither a crash nor a full disk loses one. Each runs through the queue
 * of runs like a scheduled run: a site that does not answer delays the commands of no other site. The commands of one site run one after
 * the other, in the order of their records. Thread-safe.
 */
public final class PendingSyncCommands {
    private static final Logger LOG = LoggerFactory.getLogger(PendingSyncCommands.class);

    /** Of one site; further ones are refused. */
    static final int MOST_PER_SITE = 10;

    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);

    private final Database database;
    private final Sites sites;
    private final RunQueue queue;
    private final Duration firstRetry;
    private final Clock clock;

    /** The first of each site is with the queue. */
    private final Map<String, Deque<Pending>> bySite = new HashMap<>();

    private boolean begun;

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

    /** Reads the commands that an earlier process accepted; called once, before any other is accepted. */
    public void resume() {
        List<Pending> left = database.read(
                tx -> tx.createQuery("SELECT seq, site, requested_by, reason FROM pending_command ORDER BY seq")
                        .map((row, context) -> new Pending(
                                row.getLong("seq"),
                                request(row.getString("site"), row.getString("requested_by"), row.getString("reason"))))
                        .list());
        for (Pending each : left) {
            if (sites.isKnown(each.request.site())) {
                add(each);
            } else {
                LOG.warn("a command for {} is dropped: the site left the configuration", each.request.site());
                remove(each);
            }
        }
    }

    /** From now on commands run; called once, when every route of every site is there. */
    public void begin() {
        List<Pending> first;
        synchronized (this) {
            begun = true;
            first = bySite.values().stream().map(Deque::element).toList();
        }
        first.forEach(each -> run(each, firstRetry));
    }

    private static SyncRequest request(String site, @Nullable String requestedBy, @Nullable String reason) {
        return new SyncRequest(site, SyncRequest.Cause.COMMAND, requestedBy, reason, false);
    }

    /**
     * Accepts the command of the record that the message is. One that Kafka delivers again while its sync has not ended is accepted once.
     *
     * @throws InvalidCommand when so many commands wait for the site that no further one is accepted
     * @throws StoreFailed when it cannot be written down
     */
    public void accept(Exchange exchange, SyncRequest request) throws InvalidCommand {
        Message message = exchange.getMessage();
        String record = message.getHeader(KafkaConstants.TOPIC) + "/" + message.getHeader(KafkaConstants.PARTITION)
                + "/" + message.getHeader(KafkaConstants.OFFSET);
        accept(record, request);
    }

    /** @param record its topic, partition and offset */
    void accept(String record, SyncRequest request) throws InvalidCommand {
        if (count(request.site()) >= MOST_PER_SITE) {
            throw new InvalidCommand(
                    MOST_PER_SITE + " commands for " + request.site() + " wait for their syncs already");
        }
        long seq = database.write(tx -> {
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
        if (seq > 0) {
            add(new Pending(seq, request));
        }
    }

    private synchronized int count(String site) {
        Deque<Pending> waiting = bySite.get(site);
        return waiting == null ? 0 : waiting.size();
    }

    private void add(Pending command) {
        boolean first;
        synchronized (this) {
            Deque<Pending> waiting = bySite.computeIfAbsent(command.request.site(), site -> new ArrayDeque<>());
            first = begun && waiting.isEmpty();
            waiting.add(command);
        }
        if (first) {
            run(command, firstRetry);
        }
    }

    /** @param retry after so much time it runs again when its sync is not finished */
    private void run(Pending command, Duration retry) {
        queue.submit(command.request).whenComplete((results, broken) -> {
            if (broken instanceof CancellationException) {
                return;
            }
            if (broken == null && isFinished(results) && remove(command)) {
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
            database.write(tx -> tx.execute("DELETE FROM pending_command WHERE seq = ?", command.seq));
            return true;
        } catch (StoreFailed refused) {
            LOG.debug("a command's end could not be written", refused);
            return false;
        }
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
                "{}: the sync that a command asked for was not finished; it runs again in {} s",
                command.request.site(),
                retry.toSeconds());
        Duration twice = retry.multipliedBy(2);
        Duration next = twice.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : twice;
        WorkerThreads.timer().schedule(() -> run(command, next), retry.toNanos(), TimeUnit.NANOSECONDS);
    }
}
