package io.licenserelay.ssm.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.licenserelay.http.failure.BadAnswer;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads field names and limits their total length: Jackson caches every name, and a server may send an unlimited number of new names. Not
 * thread-safe.
 */
final class FieldNames {
    private static final int MAX_CHARS = 256 * 1024;

    private final JsonParser parser;
    private final Set<String> names = new HashSet<>();
    private int chars;

    FieldNames(JsonParser parser) {
        this.parser = parser;
    }

    /** The name of the current field. */
    String current() throws IOException {
        String name = parser.currentName();
        if (names.add(name)) {
            chars += name.length();
            if (chars > MAX_CHARS) {
                throw BadAnswer.shape("the answer", "has too many different field names: " + names.size() + " so far");
            }
        }
        return name;
    }

    /** Skips the current value. The parser is then at its last token. */
    void skip() throws IOException {
        int open = 0;
        for (JsonToken token = parser.currentToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.FIELD_NAME) {
                current();
            } else if (token.isStructStart()) {
                open++;
            } else if (token.isStructEnd()) {
                open--;
            }
            if (open == 0) {
                return;
            }
        }
    }
}
