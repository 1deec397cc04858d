package io.licenserelay.event;

import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets only an event's own headers out to Kafka, and none in. Camel's own strategy is a deny-list: it would pass
 * {@code Authorization} and {@code Cookie}.
 */
public final class AllowedHeaders implements HeaderFilterStrategy {
    private static final Set<String> NAMES = Set.of("content-type", "message_uuid", "traceparent");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return value == null || !(NAMES.contains(name) || name.startsWith("ce_"));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
