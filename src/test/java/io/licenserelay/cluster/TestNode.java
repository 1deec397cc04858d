package io.licenserelay.cluster;

import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.cluster.ownership.Lease;
import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.threads.WorkerThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;

/** A node in the JVM of a test, whose heartbeat can be held, with a record of what it announced. */
public final class TestNode implements LocalWork, OwnershipListener, AutoCloseable {
    public static final ClusterSettings SETTINGS = new ClusterSettings(
            Duration.ofMillis(150),
            Duration.ofMillis(1_600),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30));

    private static final ExecutorService WORKERS = WorkerThreads.limited("cluster", 4);

    private final ClusterNode node;
    private final Set<String> keys;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Map<String, Lease> announced = new ConcurrentSkipListMap<>();
    private final Set<Lease> twice = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> highest = new HashMap<>();
    private final ReentrantLock heartbeats = new ReentrantLock();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private volatile SiteDigests digests = SiteDigests.NONE;
    private volatile boolean quiet = true;

    public TestNode(String name, String url, Set<String> keys, Clock clock) {
        this.keys = keys;
        this.node = new ClusterNode(
                new ClusterDatabase(url, PostgresServer::administrator),
                SETTINGS,
                new NodeIdentity(name, "host-of-" + name, "1.0"),
                clock,
                this,
                new KeyedExecutor(WORKERS),
                WorkerThreads.timer());
        node.addListener(this);
    }

    /** This node, so that a {@code try} block can open it. */
    public TestNode started() throws InterruptedException {
        node.start();
        return this;
    }

    public ClusterNode node() {
        return node;
    }

    @Override
    public Set<String> keys() {
        heartbeats.lock();
        try {
            return keys;
        } finally {
            heartbeats.unlock();
        }
    }

    @Override
    public SiteDigests digests() {
        return digests;
    }

    /** Changes the configuration of this node, while it runs or before it starts. */
    TestNode configured(Map<String, String> sites) {
        digests = SiteDigests.of(sites);
        return this;
    }

    /** Holds the heartbeat until the latch is down. */
    void holdHeartbeat(CountDownLatch until) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    heartbeats.lock();
                    try {
                        held.countDown();
                        until.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        heartbeats.unlock();
                    }
                },
                "holds-heartbeat");
        thread.start();
        held.await();
    }

    @Override
    public boolean isIdle(String key) {
        return !busy.contains(key);
    }

    public void busy(Set<String> now) {
        busy.addAll(now);
        busy.retainAll(now);
    }

    @Override
    public boolean isFit(String key) {
        return true;
    }

    @Override
    public boolean isQuiet() {
        return quiet;
    }

    void quiet(boolean whether) {
        quiet = whether;
    }

    @Override
    public synchronized void taken(String key, Lease lease) {
        if (lease.epoch() <= highest.getOrDefault(key, 0L)) {
            twice.add(lease);
        }
        highest.put(key, lease.epoch());
        announced.put(key, lease);
    }

    @Override
    public void lost(String key) {
        announced.remove(key);
        paused.remove(key);
    }

    @Override
    public void paused(String key) {
        paused.add(key);
    }

    @Override
    public void resumed(String key) {
        paused.remove(key);
    }

    /** The keys for which the listeners were told to begin no new work. */
    public Set<String> paused() {
        return Set.copyOf(paused);
    }

    /** What the listeners believe that this node owns. */
    Map<String, Lease> announced() {
        return new TreeMap<>(announced);
    }

    /** Leases that were announced without a higher epoch. */
    Set<Lease> twice() {
        return twice;
    }

    @Override
    public void close() throws InterruptedException {
        node.close();
    }
}
