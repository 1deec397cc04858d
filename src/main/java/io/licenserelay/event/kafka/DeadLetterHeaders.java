package io.licenserelay.event.kafka;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Sends the headers that {@link DeadLetters} put on the message. The record's own headers may have any name, so the
 * filter checks their type. Control headers of Camel and Kafka are not sent.
 */
public final class DeadLetterHeaders implements HeaderFilterStrategy {

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !(value instanceof byte[]) || AllowedHeaders.isControlHeader(name);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
