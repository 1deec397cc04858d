package io.licenserelay.app.member;

import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterNode;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.KeyedExecutor;
import io.licenserelay.cluster.LocalWork;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.cluster.NodeStatus;
import io.licenserelay.cluster.OwnershipListener;
import io.licenserelay.cluster.configuration.ConfigurationComparison;
import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.cluster.ownership.Lease;
import io.licenserelay.cluster.route.OwnershipClusterService;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.postgres.PostgresDatabase;
import io.licenserelay.store.postgres.SiteLease;
import io.licenserelay.store.postgres.SiteLeases;
import io.licenserelay.text.Json;
import io.licenserelay.threads.WorkerThreads;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node of a cluster on PostgreSQL: it works for the sites that it owns, while it owns them. */
public final class ClusterMember implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);

    /** Sites that begin or end at the same time. */
    private static final int PARALLEL = 4;

    private final ExecutorService threads = WorkerThreads.limited("ownership", PARALLEL);
    private final ClusterNode node;
    private final ClusterView view;
    private final OwnershipClusterService service;
    private final PostgresDatabase database;
    private final Clock clock;

    /**
     * The keys whose begin has ended, with the lease for which. No run may begin earlier: the begin ends the runs that a former owner
     * left, and cannot know that a new one is not among them.
     */
    private final Map<String, Lease> begun = new ConcurrentHashMap<>();

    /** The keys whose begin failed, and is repeated. */
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();

    /** Whether the check of what this node lacks is in progress. */
    private final AtomicBoolean rechecking = new AtomicBoolean();

    private volatile @Nullable OwnedWork work;
    private volatile boolean clockWarned;

    /** The configurations with which removed sites were ended last. */
    private volatile @Nullable ConfigurationComparison retired;

    /** The routes that do not run, as other processes see them. */
    private volatile Map<String, String> shownFailures = Map.of();

    /**
     * Opens the database and brings its schema up to date. The node has not joined yet.
     *
     * @throws io.licenserelay.store.StoreFailed if the database cannot be used
     */
    public ClusterMember(ClusterDatabase address, ClusterSettings settings, NodeIdentity identity, Clock clock) {
        this(address, settings, identity, clock, PostgresDatabase::open);
    }

    ClusterMember(
            ClusterDatabase address, ClusterSettings settings, NodeIdentity identity, Clock clock, Opening opening) {
        this.node = new ClusterNode(
                address, settings, identity, clock, new Local(), new KeyedExecutor(threads), WorkerThreads.timer());
        this.clock = clock;
        node.addListener(new Changes());
        this.view = new ClusterView(address::open);
        this.service = new OwnershipClusterService(node, view);
        this.database =
                opening.open(address.url(), () -> named(address.properties().get(), identity.name()), new Leases());
    }

    /** The others find the connections of this node by that name. */
    private static Properties named(Properties connection, String node) {
        connection.setProperty("ApplicationName", NodeIdentity.applicationName(node));
        return connection;
    }

    /** Opens the database for what this node owns. */
    @FunctionalInterface
    interface Opening {
        PostgresDatabase open(String url, Supplier<Properties> connection, SiteLeases leases);
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public String node() {
        return node.identity().name();
    }

    @Override
    public Optional<ClusterView> cluster() {
        return Optional.of(view);
    }

    @Override
    public NodeConfigurations configurations() {
        return new Configurations();
    }

    @Override
    public void beginAlone(OwnedWork alone) {}

    @Override
    public void prepare(CamelContext context, RouteOwners routes) {
        try {
            context.addService(service);
        } catch (Exception e) {
            throw new IllegalStateException("Camel refuses the cluster service", e);
        }
        context.addRoutePolicyFactory((camel, routeId, route) ->
                routes.keyOf(routeId).map(service::policy).orElse(null));
    }

    @Override
    public void join(OwnedWork shared) throws InterruptedException {
        work = shared;
        node.start();
    }

    @Override
    public void exclusively(String key, Runnable change) throws InterruptedException {
        CompletableFuture<Void> made = new CompletableFuture<>();
        node.events().execute(key, () -> {
            try {
                change.run();
                made.complete(null);
            } catch (RuntimeException | Error e) {
                made.completeExceptionally(e);
            }
        });
        try {
            made.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change of " + key + " failed", e.getCause());
        }
    }

    @Override
    public void leave() {
        try {
            node.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        database.close();
    }

    private OwnedWork work() {
        return Objects.requireNonNull(work, "the node has not joined");
    }

    private final class Leases implements SiteLeases {
        @Override
        public Optional<SiteLease> of(String site) {
            return node.lease(site).map(lease -> new SiteLease(lease.node(), lease.epoch()));
        }

        @Override
        public boolean works(String site) {
            Lease lease = begun.get(site);
            return lease != null
                    && node.runs(site)
                    && node.lease(site).filter(lease::equals).isPresent();
        }

        @Override
        public boolean acceptsWork(String site) {
            return works(site) && node.accepts(site);
        }
    }

    private final class Configurations implements NodeConfigurations {
        @Override
        public Set<String> seenWithin(Duration time) {
            try {
                Instant since = clock.instant().minus(time);
                return view.nodes().stream()
                        .filter(each -> each.alive()
                                || each.stoppedAt().orElse(each.heartbeatAt()).isAfter(since))
                        .map(NodeStatus::name)
                        .collect(Collectors.toSet());
            } catch (SQLException e) {
                throw StoreFailed.ofServer(database.toString(), e);
            }
        }

        @Override
        public List<SiteDifference> differences(Duration lasting) {
            return node.differences(lasting);
        }

        @Override
        public boolean agreed(String site) {
            // A change of this process counts from the heartbeat that stores it. A node that lost its session may be
            // back soon.
            SiteDigests inForce = work().digests();
            return node.isStable()
                    && node.configurations()
                            .filter(each -> each.has(node(), inForce) && each.agreed(site))
                            .isPresent();
        }

        @Override
        public boolean isElsewhere(String site) {
            return node.configurations()
                    .map(each -> each.sites().contains(site))
                    .orElse(true);
        }
    }

    private final class Local implements LocalWork {
        @Override
        public SiteDigests digests() {
            return work().digests();
        }

        @Override
        public Set<String> keys() {
            return work().keys();
        }

        @Override
        public boolean isIdle(String key) {
            return work().isIdle(key);
        }

        @Override
        public boolean isFit(String key) {
            return work().isFit(key);
        }

        @Override
        public boolean isQuiet() {
            return work().isQuiet();
        }
    }

    private final class Changes implements OwnershipListener {
        @Override
        public void taken(String key, Lease lease) {
            begin(key);
            begun.put(key, lease);
        }

        @Override
        public void lost(String key) {
            begun.remove(key);
            unfinished.remove(key);
            work().end(key);
        }

        @Override
        public void paused(String key) {
            work().pause(key);
        }

        /** Nothing that is in progress may be written, and it must not keep this node from joining again. */
        @Override
        public void sessionLost() {
            database.abort();
        }

        @Override
        public void beat() {
            for (String key : Set.copyOf(unfinished)) {
                node.events().execute(key, () -> {
                    if (node.runs(key) && unfinished.remove(key)) {
                        begin(key);
                    }
                });
            }
            warnOfClock();
            showFailures();
            retire();
            recheck();
            try {
                work().collect();
            } catch (RuntimeException e) {
                LOG.debug("stored requests cannot be read now", e);
            }
        }

        /** Beside the other work of a heartbeat, which must not wait for a file server. One thread checks all sites. */
        private void recheck() {
            if (!rechecking.compareAndSet(false, true)) {
                return;
            }
            try {
                threads.execute(() -> {
                    try {
                        work().recheck();
                    } catch (RuntimeException e) {
                        LOG.debug("what this node lacks cannot be checked now", e);
                    } finally {
                        rechecking.set(false);
                    }
                });
            } catch (RejectedExecutionException stopping) {
                LOG.debug("this node stops", stopping);
                rechecking.set(false);
            }
        }

        /** Sites leave the configurations of all nodes while this one works for what belongs to no site. */
        private void retire() {
            ConfigurationComparison now = node.configurations().orElse(null);
            if (now == null || now == retired || !node.isStable() || !database.owns(Database.RELAY)) {
                return;
            }
            try {
                work().retire();
                retired = now;
            } catch (RuntimeException e) {
                LOG.debug("what is left of removed sites cannot be ended now", e);
            }
        }

        private void warnOfClock() {
            Optional<Duration> ahead = node.clockWarning();
            if (ahead.isPresent() && !clockWarned) {
                LOG.warn(
                        "the clock of this node differs by {} ms from that of the database; synchronize both by NTP",
                        ahead.get().toMillis());
            }
            clockWarned = ahead.isPresent();
        }

        private void showFailures() {
            if (node.problem().isPresent()) {
                // Joining again clears what is shown.
                shownFailures = Map.of();
                return;
            }
            Map<String, String> failures = service.failures();
            if (failures.equals(shownFailures)) {
                return;
            }
            try {
                view.showFailedRoutes(
                        node(), failures.isEmpty() ? Optional.empty() : Optional.of(Json.write(failures)));
                shownFailures = failures;
            } catch (SQLException e) {
                LOG.debug("the routes that do not run cannot be shown now", e);
            }
        }

        /** The routes of the key start even if this fails, because most of them need nothing of it; it is tried again. */
        private void begin(String key) {
            try {
                work().begin(key);
            } catch (RuntimeException e) {
                unfinished.add(key);
                LOG.warn("cannot take over everything of {}; the next heartbeat tries again: {}", key, e.toString());
            }
        }
    }
}
