package io.licenserelay.event.kafka;

import io.licenserelay.event.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record that is sent to the topic of dead letters. It is sent whole. If Kafka refuses it, it is sent with the start
 * of its value, and finally only with the digests of its parts. Immutable.
 */
public final class DeadLetter {
    /** The part of the value that is sent if Kafka refuses the whole record, in bytes. */
    private static final int HEAD = 16 * 1024;

    private static final int MAX_KEY_SIZE = 1024;
    private static final int MAX_HEADERS_SIZE = 16 * 1024;

    /** How much of the record is sent. */
    private enum Extent {
        WHOLE,
        HEAD,
        DIGESTS
    }

    private final Source source;
    private final Extent extent;
    private final int tries;

    /**
     * The record, and the reason why it is a dead letter.
     *
     * @param topic the topic that the record was read from
     * @param place topic, partition and offset, as {@code topic/0/17}
     * @param own the record's own headers, without control headers of a producer
     * @param errors headers that describe the error
     */
    record Source(
            String topic,
            String place,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Map<String, byte[]> own,
            Map<String, byte[]> errors) {}

    DeadLetter(Source source) {
        this(source, Extent.WHOLE, 0);
    }

    private DeadLetter(Source source, Extent extent, int tries) {
        this.source = source;
        this.extent = extent;
        this.tries = tries;
    }

    /** The topic that the record was read from. */
    public String topic() {
        return source.topic();
    }

    /** Topic, partition and offset of the record, as {@code topic/0/17}. */
    public String place() {
        return source.place();
    }

    /** Whether the whole record is sent. */
    public boolean isWhole() {
        return extent == Extent.WHOLE;
    }

    /** How often Kafka refused the dead letter in its current extent. */
    public int tries() {
        return tries;
    }

    /** The same dead letter with one more try. */
    DeadLetter retried() {
        return new DeadLetter(source, extent, tries + 1);
    }

    /** A dead letter with less of the record; the same if it is already the shortest. */
    DeadLetter shortened() {
        return new DeadLetter(source, isWhole() ? Extent.HEAD : Extent.DIGESTS, 0);
    }

    byte @Nullable [] key() {
        byte[] key = source.key();
        return key == null || isWhole() || (extent == Extent.HEAD && key.length <= MAX_KEY_SIZE) ? key : null;
    }

    byte @Nullable [] value() {
        byte[] value = source.value();
        if (value == null || isWhole()) {
            return value;
        }
        return extent == Extent.HEAD ? Arrays.copyOf(value, Math.min(HEAD, value.length)) : new byte[0];
    }

    /** The headers by name, case-insensitive. Omitted parts are described by their size and digest. */
    Map<String, byte[]> headers() {
        Map<String, byte[]> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (isWhole() || (extent == Extent.HEAD && size(source.own()) <= MAX_HEADERS_SIZE)) {
            headers.putAll(source.own());
        } else {
            put(headers, "headers.count", source.own().size());
            put(headers, "headers.size", size(source.own()));
        }
        // A sender's header must not replace a header of the relay, in any letter case.
        source.errors().keySet().forEach(headers::remove);
        headers.putAll(source.errors());
        if (!isWhole()) {
            describe(headers, "value", source.value());
            if (key() == null) {
                describe(headers, "key", source.key());
            }
        }
        return headers;
    }

    private static void describe(Map<String, byte[]> headers, String part, byte @Nullable [] bytes) {
        if (bytes != null) {
            put(headers, part + ".size", bytes.length);
            put(headers, part + ".sha256", Digests.sha256(bytes));
        }
    }

    private static void put(Map<String, byte[]> headers, String name, Object value) {
        String whole = DeadLetters.PREFIX + name;
        headers.remove(whole);
        headers.put(whole, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static int size(Map<String, byte[]> headers) {
        return headers.entrySet().stream()
                .mapToInt(each -> each.getKey().length() + each.getValue().length)
                .sum();
    }
}
