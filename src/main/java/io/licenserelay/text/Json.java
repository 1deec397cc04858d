package io.licenserelay.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/**
 * The one JSON mapper of the relay. Answers and reports of a server, which need limits of their own, are read by mappers beside their
 * readers. Safe for use by many threads; nobody may configure it.
 */
public final class Json {
    public static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

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

    /** The same as UTF-8. Characters beyond the basic plane are escaped: twelve bytes for four. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
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
}
