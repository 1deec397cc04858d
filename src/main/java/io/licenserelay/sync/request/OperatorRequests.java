package io.licenserelay.sync.request;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests of an operator to the owners of the sites through the shared database, and waits for the outcomes. It works
 * in a relay and in a command without a relay. Thread-safe.
 */
public final class OperatorRequests {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorRequests.class);

    /** Between two looks at the outcomes. */
    private static final Duration POLL = Duration.ofMillis(500);

    /** Between two looks at the live nodes. */
    private static final Duration NODES = Duration.ofSeconds(2);

    private final Database database;
    private final ClusterView cluster;
    private final String requester;
    private final Duration patience;
    private final Runnable submitted;
    private final Clock clock;
    private final Object change = new Object();

    /** How many outcomes were written in this process. */
    private long written;

    /**
     * @param cluster shows the nodes that are alive
     * @param requester the name of this node, or of this machine
     * @param patience how long a request may wait until a live node takes it
     * @param submitted called after requests were added
     */
    public OperatorRequests(
            Database database,
            ClusterView cluster,
            String requester,
            Duration patience,
            Runnable submitted,
            Clock clock) {
        this.database = database;
        this.cluster = cluster;
        this.requester = requester;
        this.patience = patience;
        this.submitted = submitted;
        this.clock = clock;
    }

    /** A relay in this process has written an outcome. */
    public void outcomeWritten() {
        synchronized (change) {
            written++;
            change.notifyAll();
        }
    }

    /**
     * Submits all orders at once and waits for all outcomes. An interruption withdraws those that no relay has begun.
     *
     * @return the outcomes, in the order of the orders
     * @throws IOException if the file of an order cannot be read
     * @throws StoreFailed if the database cannot be used for longer than the patience
     */
    public List<RequestOutcome> execute(List<WorkOrder> orders, RequestListener listener)
            throws IOException, InterruptedException {
        String source = "operator/" + requester + "/" + UUID.randomUUID();
        try {
            submit(source, orders);
            Waiting waiting = new Waiting(orders, listener);
            submitted.run();
            while (!waiting.open.isEmpty()) {
                long before = written();
                look(source, waiting);
                if (!waiting.open.isEmpty()) {
                    awaitOutcome(before);
                }
            }
            return waiting.outcomes();
        } finally {
            withdraw(source);
        }
    }

    private void submit(String source, List<WorkOrder> orders) throws IOException {
        for (int i = 0; i < orders.size(); i++) {
            Path file = orders.get(i).file();
            if (file != null) {
                RequestContent.store(database, source, Integer.toString(i), file, clock);
            }
        }
        database.submit(tx -> {
            for (int i = 0; i < orders.size(); i++) {
                RequestTable.add(tx, source, Integer.toString(i), orders.get(i), requester, clock.instant());
            }
            return orders.size();
        });
    }

    private long written() {
        synchronized (change) {
            return written;
        }
    }

    /** Waits until the relay of this process has written a further outcome, or until it is time to look for those of others. */
    private void awaitOutcome(long before) throws InterruptedException {
        long end = System.nanoTime() + POLL.toNanos();
        synchronized (change) {
            long left = POLL.toMillis();
            while (written == before && left > 0) {
                change.wait(left);
                left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            }
        }
    }

    private void look(String source, Waiting waiting) {
        try {
            waiting.update(database.read(tx -> RequestTable.progress(tx, source)));
            waiting.checkNodes();
            waiting.readAt = System.nanoTime();
        } catch (SQLException e) {
            LOG.debug("the live nodes cannot be read now", e);
        } catch (StoreFailed e) {
            if (waiting.isOver(waiting.readAt)) {
                throw e;
            }
            LOG.debug("the database cannot be read now; the request waits", e);
        }
    }

    private void withdraw(String source) {
        try {
            database.submit(tx -> RequestTable.withdraw(tx, source));
        } catch (StoreFailed e) {
            LOG.debug("a request was not deleted; a relay deletes it later", e);
        }
    }

    /** The state of the requests of one call. */
    private final class Waiting {
        private final List<WorkOrder> orders;
        private final RequestListener listener;
        private final Map<String, WorkOrder> open = new LinkedHashMap<>();
        private final Map<String, RequestOutcome> outcomes = new LinkedHashMap<>();
        private final Map<String, String> nodes = new LinkedHashMap<>();

        /** By id, since when no live node has the request. */
        private final Map<String, Long> untakenSince = new LinkedHashMap<>();

        private long readAt = System.nanoTime();
        private long nodesAt = System.nanoTime();

        Waiting(List<WorkOrder> orders, RequestListener listener) {
            this.orders = orders;
            this.listener = listener;
            for (int i = 0; i < orders.size(); i++) {
                open.put(Integer.toString(i), orders.get(i));
                untakenSince.put(Integer.toString(i), System.nanoTime());
            }
        }

        void update(List<RequestTable.Progress> rows) {
            for (RequestTable.Progress row : rows) {
                WorkOrder order = open.get(row.id());
                String node = row.node();
                if (order != null && node != null && !node.equals(nodes.put(row.id(), node))) {
                    untakenSince.put(row.id(), System.nanoTime());
                    if (!node.equals(requester)) {
                        listener.taken(order.site(), node);
                    }
                }
                if (order != null && row.outcome() != null) {
                    end(row.id(), RequestOutcome.of(row.outcome()));
                }
            }
        }

        void checkNodes() throws SQLException {
            if (System.nanoTime() - nodesAt < NODES.toNanos()) {
                return;
            }
            nodesAt = System.nanoTime();
            Set<String> live = cluster.live();
            for (String id : List.copyOf(open.keySet())) {
                String node = nodes.get(id);
                if (node != null && live.contains(node)) {
                    untakenSince.put(id, System.nanoTime());
                } else if (isOver(untakenSince.getOrDefault(id, readAt))) {
                    end(id, new RequestOutcome.Untaken(untaken(node, live)));
                }
            }
        }

        private String untaken(@Nullable String node, Set<String> live) {
            String names = live.isEmpty() ? "none" : String.join(", ", new TreeSet<>(live));
            return (node == null
                            ? "no relay took the request within "
                            : "relay " + node + " ended while it ran the request, and no other relay took it within ")
                    + patience.toSeconds() + " s (live nodes: " + names
                    + "). Check that a relay runs whose configuration has this site; see \"license-relay cluster\".";
        }

        private boolean isOver(long since) {
            return System.nanoTime() - since > patience.toNanos();
        }

        private void end(String id, RequestOutcome outcome) {
            WorkOrder order = open.remove(id);
            outcomes.put(id, outcome);
            if (order != null && outcome instanceof RequestOutcome.Untaken untaken) {
                listener.problem(order.site(), untaken.reason());
            } else if (order != null && outcome instanceof RequestOutcome.Failed failed) {
                listener.problem(order.site(), failed.reason());
            }
        }

        List<RequestOutcome> outcomes() {
            List<RequestOutcome> all = new ArrayList<>();
            for (int i = 0; i < orders.size(); i++) {
                RequestOutcome outcome = outcomes.get(Integer.toString(i));
                if (outcome != null) {
                    all.add(outcome);
                }
            }
            return all;
        }
    }
}
