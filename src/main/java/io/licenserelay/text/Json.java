package io.licenserelay.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The only JSON mapper of the relay. Answers and reports from servers need their own limits, so their readers have their own
 * mappers. Thread-safe. Its configuration must not be changed.
 */
public final class Json {
    /** Writes an {@link Instant} as ISO text and a {@link WireNamed} as its wire name. */
    public static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(new WireNames()));

    private Json() {}

    private static final class WireNames extends StdSerializer<WireNamed> {
        private static final long serialVersionUID = 1L;

        WireNames() {
            super(WireNamed.class);
        }

        @Override
        public void serialize(WireNamed value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.wireName());
        }
    }

    /** A new, empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * The JSON text of a value of the relay's own.
     *
     * @throws UncheckedIOException if the value cannot be serialized, which is a programming error
     */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JSON as UTF-8. Characters beyond the basic plane are escaped and take twelve bytes, not four. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the value as text; null adds nothing. */
    public static void putText(ObjectNode node, String name, @Nullable Object value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }

    /**
     * Reads JSON that the relay itself stored.
     *
     * @param what names the stored text in the error
     * @throws UncheckedIOException if the stored text is damaged
     */
    public static JsonNode stored(String json, String what) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(what + " is damaged: it is not valid JSON", e);
        }
    }

    /**
     * The same as a value of a type, in one pass.
     *
     * @throws UncheckedIOException if the stored text is damaged, or is of another type
     */
    public static <T> T stored(String json, String what, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(what + " is damaged: it is not the JSON that was stored", e);
        }
    }
}
