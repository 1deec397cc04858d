package io.licenserelay.sync;

import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.request.RequestTable;
import io.licenserelay.sync.request.StoredRequest;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.schedule.RunQueue;
import io.licenserelay.threads.WorkerThreads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests for owned sites whose work has not ended, from {@link RequestTable}. A command is written to the database before its
 * Kafka offset is committed, and deleted after the outcome of its sync is recorded, so that neither a crash nor a full disk
 * loses a command. Commands go through the run queue like scheduled runs, so that a site that does not answer does not delay
 * other sites. The commands of one site run one after the other, in the order of their records. Requests of operators do not
 * wait for them, see {@link AwaitedRequests}. Any relay accepts a request, and the owner of the site executes it. The next owner
 * executes again what has no outcome. Thread-safe.
 */
public final class PendingRequests {
    private static final Logger LOG = LoggerFactory.getLogger(PendingRequests.class);

    /** The maximum number of pending commands per site. Further commands are rejected. */
    static final int MAX_PER_SITE = 10;

    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration MAX_RETRY = Duration.ofHours(1);

    /** Rows of operators whose requester has ended are deleted after this time. */
    static final Duration ABANDONED = Duration.ofHours(1);

    private static final Duration CLEANING = Duration.ofMinutes(1);

    private final Database database;
    private final Sites sites;
    private final RunQueue queue;
    private final AwaitedRequests awaited;
    private final CommandPause pause;
    private final Duration firstRetry;
    private final Clock clock;

    /** The pending commands of each site. The first one is in the run queue. */
    private final Map<String, Deque<StoredRequest>> bySite = new HashMap<>();

    private boolean started;
    private Instant cleanedAt = Instant.EPOCH;

    /**
     * @param awaited executes the requests of operators
     * @param pause the shortest time between two commands for a site that any relay of the database accepts; zero if {@link
     *     SyncCommands} counts it
     */
    public PendingRequests(
            Database database, Sites sites, RunQueue queue, AwaitedRequests awaited, Duration pause, Clock clock) {
        this(database, sites, queue, awaited, new CommandPause(pause, clock), FIRST_RETRY, clock);
    }

    PendingRequests(
            Database database,
            Sites sites,
            RunQueue queue,
            AwaitedRequests awaited,
            CommandPause pause,
            Duration firstRetry,
            Clock clock) {
        this.pause = pause;
        this.database = database;
        this.sites = sites;
        this.queue = queue;
        this.awaited = awaited;
        this.firstRetry = firstRetry;
        this.clock = clock;
    }

    /**
     * Takes up the requests for owned sites that another process accepted. Called when this relay begins to work for a site, and
     * regularly while relays share the database.
     */
    public void collect() {
        if (queue.isEnded()) {
            return;
        }
        for (StoredRequest each : stored()) {
            if (database.acceptsWork(each.site())) {
                add(each);
            }
        }
    }

    /** Deletes what requesters left that have ended. Called regularly while relays share the database; works at most once a minute. */
    public void deleteAbandoned() {
        Instant now = clock.instant();
        synchronized (this) {
            if (!database.isShared() || !database.owns(Database.RELAY) || now.isBefore(cleanedAt.plus(CLEANING))) {
                return;
            }
            cleanedAt = now;
        }
        database.write(Database.RELAY, tx -> RequestTable.deleteAbandoned(tx, now.minus(ABANDONED)));
    }

    /**
     * Drops the commands of sites that are no longer configured. Called before new commands are accepted, and when a site was removed.
     *
     * @param agreed whether all relays have the same configuration of a site, or all lack it; commands for other sites stay
     */
    public void dropUnknown(Predicate<String> agreed) {
        for (StoredRequest each : stored()) {
            if (!each.isAwaited() && !sites.isKnown(each.site()) && agreed.test(each.site())) {
                LOG.warn("dropped a command for {}: the site is no longer configured", each.site());
                database.write(Database.RELAY, tx -> RequestTable.delete(tx, each));
            }
        }
    }

    private List<StoredRequest> stored() {
        return database.read(RequestTable::open);
    }

    /** Forgets the requests of a site that this relay no longer works for. They stay stored for its owner. */
    public void end(String site) {
        awaited.end(site);
        forget(site);
    }

    /** Starts to run commands. Called once, after the routes of all sites have started. */
    public void begin() {
        List<StoredRequest> first;
        synchronized (this) {
            started = true;
            first = bySite.values().stream().map(Deque::element).toList();
        }
        first.forEach(each -> run(each, firstRetry));
    }

    /**
     * Accepts the command in the message. If Kafka delivers the record again before its sync has ended, it is accepted
     * only once.
     *
     * @throws InvalidCommand when too many commands already wait for the site, or another one was accepted too recently
     * @throws StoreFailed when the command cannot be written to the database
     */
    public void accept(Exchange exchange, SyncRequest request) throws InvalidCommand {
        Message message = exchange.getMessage();
        accept(
                message.getHeader(KafkaConstants.TOPIC) + "/" + message.getHeader(KafkaConstants.PARTITION),
                String.valueOf(message.getHeader(KafkaConstants.OFFSET)),
                request);
    }

    /**
     * @param source topic and partition of the record
     * @param offset of the record
     */
    void accept(String source, String offset, SyncRequest request) throws InvalidCommand {
        if (database.read(tx -> RequestTable.commandsOf(tx, request.site())) >= MAX_PER_SITE) {
            throw new InvalidCommand(
                    MAX_PER_SITE + " commands for " + request.site() + " are already waiting for their syncs");
        }
        // Any relay may accept a command; the owner of the site runs it.
        accepted(source, offset, request)
                .filter(added -> database.acceptsWork(added.site()))
                .ifPresent(this::add);
    }

    private Optional<StoredRequest> accepted(String source, String offset, SyncRequest request) throws InvalidCommand {
        try {
            return database.submit(tx -> {
                try {
                    pause.require(tx, request.site(), source, offset);
                } catch (InvalidCommand tooSoon) {
                    throw new TooSoon(tooSoon);
                }
                return RequestTable.add(tx, source, offset, request, clock.instant());
            });
        } catch (TooSoon refused) {
            throw refused.command;
        }
    }

    /** Carries the refusal through the transaction, which it rolls back. */
    private static final class TooSoon extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final InvalidCommand command;

        TooSoon(InvalidCommand command) {
            super(command);
            this.command = command;
        }
    }

    private void add(StoredRequest request) {
        if (request.isAwaited()) {
            awaited.add(request);
        } else {
            addCommand(request);
        }
    }

    private void addCommand(StoredRequest command) {
        boolean first;
        synchronized (this) {
            Deque<StoredRequest> waiting = bySite.computeIfAbsent(command.site(), site -> new ArrayDeque<>());
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
    private void run(StoredRequest command, Duration retry) {
        if (!database.acceptsWork(command.site())) {
            forget(command.site());
            return;
        }
        queue.submit(command.sync()).whenComplete((results, failure) -> {
            if (failure instanceof CancellationException || !database.owns(command.site())) {
                forget(command.site());
                return;
            }
            if (failure instanceof Sites.UnknownSite) {
                // The site was removed from the configuration; dropUnknown deletes its stored commands.
                end(command.site());
                return;
            }
            if (failure == null && isFinished(results) && remove(command)) {
                runNext(command);
            } else {
                runAgain(command, retry);
            }
        });
    }

    /** The commands stay stored, and are collected again by the relay that works for the site next. */
    private synchronized void forget(String site) {
        bySite.remove(site);
    }

    private static boolean isFinished(List<SyncResult> results) {
        return !results.isEmpty() && results.stream().noneMatch(SyncResult::brokeOff);
    }

    private boolean remove(StoredRequest command) {
        try {
            database.write(command.site(), tx -> RequestTable.delete(tx, command));
            return true;
        } catch (StoreFailed refused) {
            LOG.debug("the end of a command could not be written", refused);
            return false;
        }
    }

    private void runNext(StoredRequest ended) {
        String site = ended.site();
        StoredRequest next;
        synchronized (this) {
            Deque<StoredRequest> waiting = bySite.getOrDefault(site, new ArrayDeque<>());
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

    private void runAgain(StoredRequest command, Duration retry) {
        if (queue.isEnded()) {
            return;
        }
        LOG.warn(
                "{}: the sync of a command did not finish; the command runs again in {} s",
                command.site(),
                retry.toSeconds());
        Duration doubled = retry.multipliedBy(2);
        Duration next = doubled.compareTo(MAX_RETRY) > 0 ? MAX_RETRY : doubled;
        WorkerThreads.timer().schedule(() -> runIfPending(command, next), retry.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Another relay may have taken the command meanwhile. */
    private void runIfPending(StoredRequest command, Duration retry) {
        synchronized (this) {
            if (!command.equals(
                    bySite.getOrDefault(command.site(), new ArrayDeque<>()).peek())) {
                return;
            }
        }
        run(command, retry);
    }
}
