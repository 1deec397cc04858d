package io.licenserelay.event.kafka;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets out what {@link DeadLetters} put on the message: the record's own headers may have any name, so it is their form
 * that is checked. Camel's and Kafka's control headers stay in.
 */
public final class DeadLetterHeaders implements HeaderFilterStrategy {

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !(value instanceof byte[]) || AllowedHeaders.steers(name);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
