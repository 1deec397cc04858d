package io.licenserelay.event.kafka;

import io.licenserelay.event.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to the topic of dead letters. It goes whole; when Kafka refuses it as it is, it goes with the head of its
 * value, and last by the digests of its parts alone. Immutable.
 */
public final class DeadLetter {
    /** Of a record that Kafka does not take whole, in bytes. */
    private static final int HEAD = 16 * 1024;

    private static final int LARGEST_KEY = 1024;
    private static final int LARGEST_HEADERS = 16 * 1024;

    /** How much of the record goes. */
    private enum Extent {
        WHOLE,
        HEAD,
        DIGESTS
    }

    private final Source source;
    private final Extent extent;
    private final int tries;

    /**
     * The record, and why it is a dead letter.
     *
     * @param topic that it was read from
     * @param place topic, partition and offset, as {@code topic/0/17}
     * @param own the record's own headers, none of which steers a producer
     * @param errors headers that say what was wrong
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

    /** Whether all of the record goes. */
    public boolean isWhole() {
        return extent == Extent.WHOLE;
    }

    /** How often Kafka did not take it as it is now. */
    public int tries() {
        return tries;
    }

    /** The same once more. */
    DeadLetter again() {
        return new DeadLetter(source, extent, tries + 1);
    }

    /** Less of the record; when nothing less is left, the same. */
    DeadLetter shorter() {
        return new DeadLetter(source, isWhole() ? Extent.HEAD : Extent.DIGESTS, 0);
    }

    byte @Nullable [] key() {
        byte[] key = source.key();
        return key == null || isWhole() || (extent == Extent.HEAD && key.length <= LARGEST_KEY) ? key : null;
    }

    byte @Nullable [] value() {
        byte[] value = source.value();
        if (value == null || isWhole()) {
            return value;
        }
        return extent == Extent.HEAD ? Arrays.copyOf(value, Math.min(HEAD, value.length)) : new byte[0];
    }

    /** By name, whatever its case. What is left out is named by its size and digest. */
    Map<String, byte[]> headers() {
        Map<String, byte[]> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (isWhole() || (extent == Extent.HEAD && size(source.own()) <= LARGEST_HEADERS)) {
            headers.putAll(source.own());
        } else {
            put(headers, "headers.count", source.own().size());
            put(headers, "headers.size", size(source.own()));
        }
        // A sender's header of such a name, in whatever case, does not stand for ours.
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
