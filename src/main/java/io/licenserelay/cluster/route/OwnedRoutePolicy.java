package io.licenserelay.cluster.route;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.Suspendable;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the routes of a key when this node owns the key, and stops them when it does not. Camel's {@code ClusteredRoutePolicy} makes an
 * executor per policy, works on the thread that reports the change, and does not try again; this one works on the queue of the key on the
 * shared executor, and tries again with each heartbeat. Thread-safe.
 */
public final class OwnedRoutePolicy extends RoutePolicySupport {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedRoutePolicy.class);

    /** How long a route that is stopped waits for its exchanges before it interrupts them. */
    private static final long STOP_SECONDS = 30;

    private final OwnershipClusterService service;
    private final String key;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();

    /** By route id, why its last start or stop failed. */
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();

    private final Listener listener = new Listener();
    private @Nullable CamelClusterView view;

    /** Whether a route has to wait for the start of the Camel context. */
    private volatile boolean early;

    /** Whether the routes should run, by the last change that came on the queue of the key. */
    private volatile boolean owned;

    /** Whether the routes begin no new exchanges, although they run. On the queue of the key. */
    private volatile boolean paused;

    /** The routes whose consumers this policy has suspended. */
    private final Set<String> suspended = ConcurrentHashMap.newKeySet();

    OwnedRoutePolicy(OwnershipClusterService service, String key) {
        this.service = service;
        this.key = key;
    }

    /** Changes of the owner. Registration calls it on any thread, so it goes on the queue of the key. */
    private final class Listener implements CamelClusterEventListener.Leadership {
        @Override
        public void leadershipChanged(CamelClusterView changed, @Nullable CamelClusterMember leader) {
            boolean here = leader != null && leader.isLocal();
            service.events().execute(key, () -> change(here));
        }
    }

    @Override
    public void onInit(Route route) {
        route.setAutoStartup(false);
        routes.put(route.getRouteId(), route);
        register();
        // The node may have taken the key before; a view that has not started reports nothing.
        service.events().execute(key, () -> change(service.runs(key)));
    }

    private synchronized void register() {
        if (view == null) {
            try {
                view = service.getView(key);
                view.addEventListener(listener);
            } catch (Exception e) {
                throw new IllegalStateException("no cluster view of " + key, e);
            }
        }
    }

    @Override
    public void onRemove(Route route) {
        routes.remove(route.getRouteId());
        failures.remove(route.getRouteId());
        if (routes.isEmpty()) {
            unregister();
            release(route.getCamelContext());
        }
    }

    /** The context keeps the policy as a service until its own end, although a site that is added again gets a new policy. */
    private void release(CamelContext camel) {
        try {
            camel.removeService(this);
        } catch (Exception e) {
            LOG.warn("the route policy of {} was not released", key, e);
        }
    }

    private synchronized void unregister() {
        CamelClusterView former = view;
        if (former != null) {
            view = null;
            former.removeEventListener(listener);
            try {
                service.releaseView(former);
            } catch (Exception e) {
                LOG.warn("the cluster view of {} was not released", key, e);
            }
            service.forget(this);
        }
    }

    /** A consumer may start an exchange between the loss of the key and the stop of its route. */
    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        if (!service.runs(key)) {
            exchange.setException(new NotOwned(key));
            exchange.setRouteStop(true);
        }
    }

    private void change(boolean here) {
        owned = here;
        paused = here && paused;
        settle();
    }

    /** The consumers begin no new exchanges; those in progress go on. On the queue of the key. */
    void beginNothing() {
        paused = true;
        settle();
    }

    /** The consumers begin exchanges again. On the queue of the key. */
    void beginAgain() {
        paused = false;
        settle();
    }

    /** Starts or stops each route that is not as it should be. On the queue of the key. */
    private void settle() {
        early = false;
        for (Route route : List.copyOf(routes.values())) {
            CamelContext camel = route.getCamelContext();
            try {
                // A key that was lost meanwhile: its change is next in the queue.
                if (!owned || service.runs(key)) {
                    settle(camel, route);
                }
                failures.remove(route.getRouteId());
            } catch (Exception e) {
                String text = String.valueOf(e.getMessage());
                if (!text.equals(failures.put(route.getRouteId(), text))) {
                    LOG.error(
                            "route {} of {} cannot be {}, the next heartbeat tries again: {}",
                            route.getRouteId(),
                            key,
                            owned ? "started" : "stopped",
                            text);
                    LOG.debug("route {}", route.getRouteId(), e);
                }
            }
        }
    }

    private void settle(CamelContext camel, Route route) throws Exception {
        String id = route.getRouteId();
        ServiceStatus status = camel.getRouteController().getRouteStatus(id);
        if (owned) {
            if (status == null || !camel.isStarted()) {
                early = true;
            } else {
                if (status.isStartable()) {
                    camel.getRouteController().startRoute(id);
                }
                settleConsumer(route);
            }
        } else if (status != null && status.isStoppable() && camel.getStatus().isStarted()) {
            camel.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
            suspended.remove(id);
        }
    }

    /** A consumer that can only be stopped goes on, because the stop would also break what it has begun. */
    private void settleConsumer(Route route) throws Exception {
        if (paused) {
            if (route.getConsumer() instanceof Suspendable) {
                suspendOrStopConsumer(route.getConsumer());
                suspended.add(route.getRouteId());
            }
        } else if (suspended.contains(route.getRouteId())) {
            resumeOrStartConsumer(route.getConsumer());
            suspended.remove(route.getRouteId());
        }
    }

    /** Tries again what failed or was too early. */
    void retry() {
        if ((early || !failures.isEmpty()) && service.events().isIdle(key)) {
            service.events().execute(key, this::settle);
        }
    }

    String key() {
        return key;
    }

    /** By route id, why its last start or stop failed; empty if all is as it should be. */
    Map<String, String> failures() {
        return new TreeMap<>(failures);
    }
}
