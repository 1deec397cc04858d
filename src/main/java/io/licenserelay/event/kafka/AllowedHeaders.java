package io.licenserelay.event.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Sends only an event's own headers to Kafka, as UTF-8 bytes. Headers of received records never become headers of a
 * Camel message, where they could control later steps. Camel's default strategy is a deny-list: it would pass
 * {@code Authorization} and {@code Cookie}, numbers as raw bytes, and text in the platform's charset.
 */
public final class AllowedHeaders implements HeaderFilterStrategy {
    private static final Set<String> NAMES = Set.of("content-type", "message_uuid", "traceparent");
    private static final List<String> CONTROL_PREFIXES = List.of("kafka.", "camel");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        boolean ours = NAMES.contains(name) || name.startsWith("ce_");
        return !(ours && value instanceof byte[] bytes && isUtf8(bytes));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }

    /** Whether the header controls Camel or its Kafka producer. Header names in a message are case-insensitive. */
    static boolean isControlHeader(String name) {
        return CONTROL_PREFIXES.stream().anyMatch(start -> name.regionMatches(true, 0, start, 0, start.length()));
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
