package io.licenserelay.app.member;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.store.Database;
import java.util.Optional;
import org.apache.camel.CamelContext;

/** This process among the relays that share the work. Its methods are called in the order in which they are listed. */
public interface Membership extends AutoCloseable {
    /** The database, which is open. */
    Database database();

    /** The name of this process among those that share the database. */
    String node();

    /** The cluster; empty if this process is the only relay of its database. */
    Optional<ClusterView> cluster();

    /** The configurations of the processes that share the database. */
    NodeConfigurations configurations();

    /** Before the routes are made: begins the work for sites that no other relay can own. */
    void beginAlone(OwnedWork work);

    /** Before the routes are made: decides which routes the context starts by itself. */
    void prepare(CamelContext context, RouteOwners routes);

    /**
     * After the routes are made: begins to share the work. From now on sites begin and end at any time, on other threads.
     *
     * @throws InterruptedException if the process stops while it waits for the end of its own former session
     */
    void join(OwnedWork work) throws InterruptedException;

    /**
     * Runs a change of what the relay has for a key, while the key neither begins nor ends here.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; the change may run later
     */
    void exclusively(String key, Runnable change) throws InterruptedException;

    /** After the work has ended: gives the sites to other relays. */
    void leave();

    /** Closes the database. */
    @Override
    void close();
}
