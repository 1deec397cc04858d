package io.licenserelay.ssm.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a tree of a JSON text would take of memory, found out without making one: {@code [[],[],…]} takes fifty times its length. */
public final class JsonTreeSize {
    /** A node in a list or a map, about. */
    private static final long TOKEN_BYTES = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private JsonTreeSize() {}

    /** Bytes, about; of a text that is no JSON those of its beginning that is. */
    public static long bytes(String text) {
        long tokens = 0;
        try (JsonParser parser = JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        } catch (JsonProcessingException endsHere) {
            return tokens * TOKEN_BYTES;
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
        return tokens * TOKEN_BYTES;
    }
}
