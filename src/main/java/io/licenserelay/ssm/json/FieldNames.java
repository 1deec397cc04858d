package io.licenserelay.ssm.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.licenserelay.http.failure.BadAnswer;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the names of an answer's fields within a bound: Jackson remembers every name that it meets, and a server may make up ever new
 * ones. Not thread-safe.
 */
final class FieldNames {
    private static final int MOST_CHARS = 256 * 1024;

    private final JsonParser parser;
    private final Set<String> names = new HashSet<>();
    private int chars;

    FieldNames(JsonParser parser) {
        this.parser = parser;
    }

    /** The name of the field at which the parser stands. */
    String current() throws IOException {
        String name = parser.currentName();
        if (names.add(name)) {
            chars += name.length();
            if (chars > MOST_CHARS) {
                throw BadAnswer.shape("the answer", "brings ever new names of fields, " + names.size() + " so far");
            }
        }
        return name;
    }

    /** Passes over the value at which the parser stands, to its last token. */
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
