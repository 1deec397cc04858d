package io.licenserelay.cluster;

import io.licenserelay.cluster.configuration.ConfigurationComparison;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.cluster.ownership.Lease;
import io.licenserelay.cluster.ownership.Ownership;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a node of the cluster: joins, takes and releases keys, and knows its leases. A node that finds its session lost announces at
 * once that it owns nothing, and joins again when nothing is in flight. Thread-safe.
 */
public final class ClusterNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

    /** The key of the calls of {@code OwnershipListener.beat}; no site has an empty name. */
    private static final String BEAT = "";

    private final ClusterDatabase database;
    private final ClusterSettings settings;
    private final NodeIdentity identity;
    private final Clock clock;
    private final LocalWork work;
    private final KeyedExecutor events;
    private final ScheduledExecutorService timer;
    private final List<OwnershipListener> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** Whether the session counts, and what it owns, change together under this lock. */
    private final Object lock = new Object();

    private volatile @Nullable Joined joined;
    private volatile @Nullable String problem;

    /** What this process has accepted, also in earlier sessions. */
    private volatile @Nullable SiteDigests accepted;

    private @Nullable Thread heartbeat;

    private record Joined(NodeSession session, Ownership ownership) {}

    /**
     * @param events runs the listeners, in order per key
     * @param timer notices that the heartbeat's thread hangs
     */
    public ClusterNode(
            ClusterDatabase database,
            ClusterSettings settings,
            NodeIdentity identity,
            Clock clock,
            LocalWork work,
            KeyedExecutor events,
            ScheduledExecutorService timer) {
        this.database = database;
        this.settings = settings;
        this.identity = identity;
        this.clock = clock;
        this.work = work;
        this.events = events;
        this.timer = timer;
    }

    /** To be called before {@code start}. */
    public void addListener(OwnershipListener listener) {
        listeners.add(listener);
    }

    /**
     * Joins the cluster and starts the heartbeat. Waits for the end of this node's own former session, at most a little longer than the timeout.
     *
     * @throws JoinRefused if the node cannot join
     */
    public void start() throws InterruptedException {
        long end = System.nanoTime() + settings.patience().toNanos();
        while (!join(System.nanoTime() < end)) {
            if (stopping.await(settings.heartbeat().toMillis() / 2, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        Thread thread = new Thread(this::beat, "cluster-heartbeat");
        thread.setDaemon(true);
        heartbeat = thread;
        thread.start();
        watch();
    }

    /** @return false if the name of this node is still in use and this may pass */
    private boolean join(boolean patient) {
        try {
            NodeSession session = NodeSession.open(database, settings, identity, clock);
            joined = new Joined(session, new Ownership(identity.name(), settings.ownership(), accepted, session));
            problem = null;
            LOG.info("node {} joined the cluster", identity.name());
            return true;
        } catch (JoinRefused e) {
            if (patient && e.reason() == JoinRefused.Reason.NAME_IN_USE) {
                return false;
            }
            throw e;
        }
    }

    private void beat() {
        long next = System.nanoTime();
        try {
            do {
                step();
                next = Math.max(next + settings.heartbeat().toNanos(), System.nanoTime());
            } while (!stopping.await(next - System.nanoTime(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One heartbeat. No exception ends the heartbeats. */
    private void step() {
        Joined current = joined;
        try {
            events.resume();
            if (current == null) {
                rejoin();
            } else {
                try {
                    current.ownership()
                            .step(
                                    Duration.ofNanos(System.nanoTime()),
                                    work.keys(),
                                    work.digests(),
                                    work::isIdle,
                                    work::isFit,
                                    events::isIdle,
                                    new Announcements(current));
                } finally {
                    // Also of a step that failed after the configuration was stored: it must not count as new again.
                    accepted = current.ownership().accepted();
                }
            }
        } catch (JoinRefused e) {
            report(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (current == null) {
                report("cannot join the cluster again: " + e);
            } else {
                lose(current, String.valueOf(e.getMessage()));
            }
        }
        if (events.isIdle(BEAT)) {
            events.execute(BEAT, () -> listeners.forEach(OwnershipListener::beat));
        }
    }

    private void rejoin() {
        if (work.isQuiet() && events.isIdle()) {
            join(false);
        }
    }

    private void report(String text) {
        if (!text.equals(problem)) {
            LOG.warn("{}", text);
            problem = text;
        }
    }

    /** Announces the changes of a session as long as it counts. */
    private final class Announcements implements Ownership.Changes {
        private final Joined session;

        Announcements(Joined session) {
            this.session = session;
        }

        @Override
        public void taken(String key, Lease lease) {
            synchronized (lock) {
                if (joined == session) {
                    LOG.info("node {} owns {} (epoch {})", identity.name(), key, lease.epoch());
                    tell(key, listener -> listener.taken(key, lease));
                }
            }
        }

        @Override
        public void lost(String key) {
            synchronized (lock) {
                if (joined == session) {
                    announceLoss(key);
                }
            }
        }

        @Override
        public void paused(String key) {
            announcePause(session, key);
        }

        @Override
        public void resumed(String key) {
            announceResumption(session, key);
        }
    }

    private void announcePause(Joined session, String key) {
        synchronized (lock) {
            if (joined == session) {
                LOG.info("node {} begins no new work of {}, which is to move to another node", identity.name(), key);
                tell(key, listener -> listener.paused(key));
            }
        }
    }

    private void announceResumption(Joined session, String key) {
        synchronized (lock) {
            if (joined == session) {
                LOG.info("node {} keeps {}", identity.name(), key);
                tell(key, listener -> listener.resumed(key));
            }
        }
    }

    private void announceLoss(String key) {
        LOG.info("node {} stops {}", identity.name(), key);
        tell(key, listener -> listener.lost(key));
    }

    private void tell(String key, Consumer<OwnershipListener> call) {
        events.execute(key, () -> listeners.forEach(call));
    }

    /** The session is of no more use: this node owns nothing from now on. */
    private void lose(Joined former, String reason) {
        synchronized (lock) {
            if (joined != former) {
                return;
            }
            joined = null;
            report("node " + identity.name() + " lost its session with PostgreSQL and owns nothing: " + reason);
            former.ownership().held().forEach(this::announceLoss);
        }
        former.session().abandon();
        listeners.forEach(OwnershipListener::sessionLost);
    }

    /** Announces the loss also while the heartbeat's thread hangs. */
    private void watch() {
        if (stopping.getCount() > 0) {
            Joined current = joined;
            if (current != null && !current.session().isFresh()) {
                lose(current, "no heartbeat for " + settings.timeout());
            }
            timer.schedule(this::watch, settings.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The lease for the fence of a write; empty if this node does not own the key, or cannot be sure that it still does. */
    public Optional<Lease> lease(String key) {
        Joined current = joined;
        return current != null && current.session().isFresh()
                ? current.ownership().lease(key)
                : Optional.empty();
    }

    /** Whether the work of the key should run here. False while the key is handed over, although its lease is still valid. */
    public boolean runs(String key) {
        Joined current = joined;
        return current != null
                && current.session().isFresh()
                && current.ownership().runs(key);
    }

    /** Whether new work of the key may begin here. False also while the key waits for the end of its work in order to move. */
    public boolean accepts(String key) {
        Joined current = joined;
        return current != null
                && current.session().isFresh()
                && current.ownership().accepts(key);
    }

    /**
     * Whether the same nodes with the same configurations have been alive long enough for a node that lost its session to return. False without a
     * session.
     */
    public boolean isStable() {
        Joined current = joined;
        return current != null
                && current.ownership().isStable(Duration.ofNanos(System.nanoTime()), settings.takeover());
    }

    /** The configurations of the live nodes at the last heartbeat; empty while this node has no session. */
    public Optional<ConfigurationComparison> configurations() {
        return Optional.ofNullable(joined).map(each -> each.ownership().configurations());
    }

    /** The sites about which the live nodes did not agree during all of the last time, as far as this session observed it. */
    public List<SiteDifference> differences(Duration lasting) {
        Joined current = joined;
        return current == null
                ? List.of()
                : current.ownership().differences(Duration.ofNanos(System.nanoTime()), lasting);
    }

    /** The nodes that were alive at the last heartbeat; empty while this node has no session. */
    public Set<String> liveNodes() {
        Joined current = joined;
        return current == null ? Set.of() : current.ownership().live();
    }

    public NodeIdentity identity() {
        return identity;
    }

    public ClusterSettings settings() {
        return settings;
    }

    /** Where the changes of a key are handled; what must not run at the same time as they do is executed here. */
    public KeyedExecutor events() {
        return events;
    }

    /** How much this node's clock is ahead of the database's if that is more than the warning threshold; negative if it is behind. */
    public Optional<Duration> clockWarning() {
        Joined current = joined;
        return Optional.ofNullable(current)
                .map(each -> each.session().clockAhead())
                .filter(ahead -> ahead.abs().compareTo(settings.clockWarning()) > 0);
    }

    /** Why this node is not in the cluster; empty while it is. */
    public Optional<String> problem() {
        return joined == null ? Optional.ofNullable(problem) : Optional.empty();
    }

    /** For tests: the backend of the session. */
    Optional<Integer> backend() {
        return Optional.ofNullable(joined).map(each -> each.session().pid());
    }

    /**
     * Leaves the cluster: releases the keys and frees the lock, so that other nodes take over at their next heartbeat. The work of this node
     * must have ended.
     */
    @Override
    public void close() throws InterruptedException {
        stopping.countDown();
        Thread thread = heartbeat;
        if (thread != null) {
            thread.join(settings.timeout().toMillis());
        }
        Joined current;
        synchronized (lock) {
            current = joined;
            joined = null;
        }
        if (current != null) {
            leave(current, thread == null || !thread.isAlive());
        }
    }

    private void leave(Joined current, boolean orderly) {
        Set<String> held = current.ownership().held();
        if (orderly) {
            try {
                current.ownership().releaseAll();
                current.session().close();
            } catch (SessionLost e) {
                LOG.info(
                        "the keys of node {} are free when its session has ended: {}", identity.name(), e.getMessage());
                current.session().abandon();
            }
        } else {
            current.session().abandon();
        }
        held.forEach(this::announceLoss);
    }
}
