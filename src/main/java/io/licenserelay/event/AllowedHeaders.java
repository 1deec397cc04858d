package io.licenserelay.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets only an event's own headers out to Kafka, as UTF-8 bytes, and none in. Camel's own strategy is a deny-list: it would
 * pass {@code Authorization} and {@code Cookie}, numbers as raw bytes, and text in the platform's charset.
 */
public final class AllowedHeaders implements HeaderFilterStrategy {
    private static final Set<String> NAMES = Set.of("content-type", "message_uuid", "traceparent");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        boolean ours = NAMES.contains(name) || name.startsWith("ce_");
        return !(ours && value instanceof byte[] bytes && isUtf8(bytes));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
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
