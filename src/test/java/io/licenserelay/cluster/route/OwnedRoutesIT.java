package io.licenserelay.cluster.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.TestNode;
import io.licenserelay.fixture.PostgresServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.Suspendable;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.junit.jupiter.api.Test;

/** The routes of a key run on the node that owns the key, and only there. */
class OwnedRoutesIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Set<String> KEYS =
            IntStream.range(0, 4).mapToObj(number -> "site-" + number).collect(Collectors.toSet());

    private final String url = PostgresServer.migratedDatabase();

    @Test
    void routesFollowTheOwnerAndAFailedStartIsTriedAgain() throws Exception {
        try (CamelNode a = new CamelNode("a");
                CamelNode b = new CamelNode("b")) {
            awaitRoutes(2, a, b);
            views(a, b);

            // A route that cannot be started is visible, delays no other, and is tried again.
            b.door.open = false;
            a.node.close();
            await().atMost(SOON).until(() -> b.service.failures().size() == 2);
            assertThat(b.service.failures().values()).allMatch(text -> text.contains("closed"));
            assertThat(a.running()).isEmpty();
            b.door.open = true;
            awaitRoutes(4, b);
            assertThat(b.service.failures()).isEmpty();

            // A route that is added later runs too.
            b.addRoute("site-0", "late");
            await().atMost(SOON).until(() -> b.running().contains("late"));

            refusesExchanges(a);
        }
    }

    @Test
    void theRoutesOfASiteThatIsToMoveBeginNothingNewAndGoOnIfTheSiteStays() throws Exception {
        try (CamelNode a = new CamelNode("a")) {
            awaitRoutes(4, a);
            a.node.busy(KEYS);
            try (CamelNode b = new CamelNode("b")) {
                await().atMost(SOON)
                        .until(() -> a.node.paused().size() == 2 && a.waiting().size() == 2);
                assertThat(a.waiting()).isEqualTo(a.node.paused());
                assertThat(a.running()).isEqualTo(KEYS);
                assertThat(b.running()).isEmpty();
                assertThat(a.waiting())
                        .allSatisfy(key -> assertThat(a.door.send(key).getException())
                                .as("what has begun goes on")
                                .isNull());
            }
            await().atMost(SOON).until(() -> a.waiting().isEmpty());
            assertThat(a.running()).isEqualTo(KEYS);
        }
    }

    private static void views(CamelNode a, CamelNode b) throws Exception {
        for (String key : KEYS) {
            CamelClusterView view = a.service.getView(key);
            assertThat(view.getMembers()).extracting(CamelClusterMember::getId).containsExactly("a", "b");
            assertThat(view.getLocalMember().isLocal()).isTrue();
            assertThat(view.getLocalMember().isLeader()).isEqualTo(a.running().contains(key));
            String owner = a.running().contains(key) ? "a" : "b";
            await().atMost(SOON).until(() -> view.getLeader()
                    .map(CamelClusterMember::getId)
                    .filter(owner::equals)
                    .isPresent());
            assertThat(b.service.isLeader(key)).isEqualTo(owner.equals("b"));
            a.service.releaseView(view);
        }
    }

    /** Started by hand on a node that does not own the key. */
    private static void refusesExchanges(CamelNode a) throws Exception {
        a.camel.getRouteController().startRoute("site-1");
        a.steps.clear();
        Exchange exchange = a.door.send("site-1");
        assertThat(exchange.getException()).isInstanceOf(NotOwned.class).hasMessageContaining("site-1");
        assertThat(a.steps).isEmpty();
    }

    private static void awaitRoutes(int each, CamelNode... nodes) {
        await().atMost(SOON).untilAsserted(() -> {
            Set<String> all = new TreeSet<>();
            for (CamelNode node : nodes) {
                assertThat(node.running()).hasSize(each);
                all.addAll(node.running());
            }
            assertThat(all).isEqualTo(KEYS);
        });
    }

    /** A node with a Camel context that has a route per key. */
    private final class CamelNode implements AutoCloseable {
        private final TestNode node;
        private final OwnershipClusterService service;
        private final DefaultCamelContext camel = new DefaultCamelContext();
        private final Door door = new Door();
        private final List<String> steps = new CopyOnWriteArrayList<>();

        CamelNode(String name) throws Exception {
            node = new TestNode(name, url, KEYS, Clock.systemUTC());
            service = new OwnershipClusterService(node.node(), new ClusterView(() -> PostgresServer.connection(url)));
            camel.addService(service);
            camel.addComponent("door", door);
            for (String key : KEYS) {
                addRoute(key, key);
            }
            node.started();
            camel.start();
        }

        void addRoute(String key, String id) throws Exception {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("door:" + id)
                            .routeId(id)
                            .routePolicy(service.policy(key))
                            .process(exchange -> steps.add(id));
                }
            });
        }

        Set<String> running() {
            return camel.getRoutes().stream()
                    .map(route -> route.getRouteId())
                    .filter(id -> camel.getRouteController().getRouteStatus(id).isStarted())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** The routes whose consumers begin no exchange, although the routes run. */
        Set<String> waiting() {
            return running().stream()
                    .filter(id -> Objects.requireNonNull(door.consumers.get(id)).isSuspended())
                    .collect(Collectors.toSet());
        }

        @Override
        public void close() throws Exception {
            node.close();
            camel.close();
        }
    }

    /** Consumers that cannot be started while it is closed. */
    private static final class Door extends DefaultComponent {
        private volatile boolean open = true;
        private final Map<String, DoorConsumer> consumers = new ConcurrentHashMap<>();

        Exchange send(String name) throws Exception {
            DoorConsumer consumer = Objects.requireNonNull(consumers.get(name));
            Exchange exchange = consumer.createExchange(false);
            consumer.getProcessor().process(exchange);
            return exchange;
        }

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Consumer createConsumer(Processor processor) {
                    DoorConsumer consumer = new DoorConsumer(this, processor, Door.this);
                    consumers.put(remaining, consumer);
                    return consumer;
                }
            };
        }
    }

    private static final class DoorConsumer extends DefaultConsumer implements Suspendable {
        private final Door door;

        DoorConsumer(Endpoint endpoint, Processor processor, Door door) {
            super(endpoint, processor);
            this.door = door;
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            if (!door.open) {
                throw new IllegalStateException("the door is closed");
            }
        }
    }
}
