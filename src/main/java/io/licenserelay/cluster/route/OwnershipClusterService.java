package io.licenserelay.cluster.route;

import io.licenserelay.cluster.ClusterNode;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.KeyedExecutor;
import io.licenserelay.cluster.OwnershipListener;
import io.licenserelay.cluster.ownership.Lease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.support.cluster.AbstractCamelClusterService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Camel's cluster service over the node: a namespace is a key, its leader is the owner. Whoever creates it starts and stops the node. Thread-safe.
 */
public final class OwnershipClusterService extends AbstractCamelClusterService<OwnershipView> {
    private static final Logger LOG = LoggerFactory.getLogger(OwnershipClusterService.class);

    private final ClusterNode node;
    private final ClusterView cluster;
    private final Map<String, OwnershipView> views = new ConcurrentHashMap<>();
    private final Map<String, OwnedRoutePolicy> policies = new ConcurrentHashMap<>();

    private Map<String, String> owners = Map.of();
    private long ownersUntil = System.nanoTime();

    /** To be created before the node starts. */
    public OwnershipClusterService(ClusterNode node, ClusterView cluster) {
        super("license-relay");
        this.node = node;
        this.cluster = cluster;
        node.addListener(new Listener());
    }

    /** Calls come on the queue of the key. */
    private final class Listener implements OwnershipListener {
        @Override
        public void taken(String key, Lease lease) {
            OwnershipView view = views.get(key);
            if (view != null) {
                view.owned();
            }
        }

        @Override
        public void lost(String key) {
            OwnershipView view = views.get(key);
            if (view != null) {
                view.notOwned();
            }
        }

        @Override
        public void paused(String key) {
            OwnedRoutePolicy policy = policies.get(key);
            if (policy != null) {
                policy.beginNothing();
            }
        }

        @Override
        public void resumed(String key) {
            OwnedRoutePolicy policy = policies.get(key);
            if (policy != null) {
                policy.beginAgain();
            }
        }

        @Override
        public void beat() {
            policies.values().forEach(OwnedRoutePolicy::retry);
        }
    }

    @Override
    protected OwnershipView createView(String key) {
        return views.computeIfAbsent(key, each -> new OwnershipView(this, each));
    }

    /** The policy for all routes of a key. */
    public OwnedRoutePolicy policy(String key) {
        return policies.computeIfAbsent(key, each -> new OwnedRoutePolicy(this, each));
    }

    /** By id, the routes of owned keys that could not be started or stopped, and why. They are tried again with each heartbeat. */
    public Map<String, String> failures() {
        Map<String, String> failures = new TreeMap<>();
        policies.values().forEach(policy -> failures.putAll(policy.failures()));
        return failures;
    }

    void forget(OwnedRoutePolicy policy) {
        policies.remove(policy.key(), policy);
    }

    KeyedExecutor events() {
        return node.events();
    }

    String nodeName() {
        return node.identity().name();
    }

    boolean runs(String key) {
        return node.runs(key);
    }

    Set<String> liveNodes() {
        return node.liveNodes();
    }

    /** From a picture of all owners that is at most a heartbeat old, so that thousands of views need one statement. */
    synchronized Optional<String> otherOwner(String key) {
        if (System.nanoTime() - ownersUntil >= 0) {
            try {
                owners = cluster.owners();
            } catch (SQLException e) {
                owners = Map.of();
                LOG.debug("the owners cannot be read", e);
            }
            Duration valid = node.settings().heartbeat();
            ownersUntil = System.nanoTime() + valid.toNanos();
        }
        return Optional.ofNullable(owners.get(key)).filter(owner -> !owner.equals(nodeName()));
    }
}
