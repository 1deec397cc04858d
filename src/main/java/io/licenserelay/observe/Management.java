package io.licenserelay.observe;

import java.io.IOException;
import org.apache.camel.CamelContext;

/** What a relay offers to the platform that it runs on. Its methods are called in the order in which they are listed. */
public interface Management extends AutoCloseable {
    /** Nothing: no server, no metrics. */
    Management OFF = new Management() {
        @Override
        public RelayObserver observer() {
            return RelayObserver.NONE;
        }

        @Override
        public void begin() {}

        @Override
        public void register(CamelContext context) {}

        @Override
        public void ready() {}

        @Override
        public void close() {}
    };

    /** Observes the parts of the relay. */
    RelayObserver observer();

    /**
     * Begins to answer.
     *
     * @throws IOException if the address cannot be listened on
     */
    void begin() throws IOException;

    /** Before the routes are made: observes the context. */
    void register(CamelContext context);

    /** The routes have started, and the relay works for its sites. */
    void ready();

    /** Ends to answer. */
    @Override
    void close();
}
