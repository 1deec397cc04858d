package io.licenserelay.ssm.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Estimates the memory of a JSON tree without building it: the tree of {@code [[],[],…]} takes fifty times the length of its text. */
public final class JsonTreeSize {
    /** The approximate size of a node in a list or map. */
    private static final long TOKEN_BYTES = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private JsonTreeSize() {}

    /** The approximate number of bytes. For invalid JSON, the size of the part before the error. */
    public static long bytes(String text) {
        long tokens = 0;
        try (JsonParser parser = JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        } catch (JsonProcessingException invalid) {
            return tokens * TOKEN_BYTES;
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
        return tokens * TOKEN_BYTES;
    }
}
