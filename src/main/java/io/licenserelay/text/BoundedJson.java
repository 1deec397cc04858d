package io.licenserelay.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON parser with a limit on the number of tokens: a small file may contain millions of empty objects, and each takes a hundred
 * bytes in a tree. Not thread-safe.
 */
public final class BoundedJson extends JsonParserDelegate {

    private final int maxTokens;
    private int tokens;

    /** @param maxTokens the largest number of tokens between two calls of {@link #restart} */
    public BoundedJson(JsonParser json, int maxTokens) {
        super(json);
        this.maxTokens = maxTokens;
    }

    /**
     * Parses the whole text into a tree.
     *
     * @param maxTokens the largest number of values and names together; each takes about a hundred bytes
     * @return a missing node if the text is empty
     * @throws StreamConstraintsException if the text contains more, or is nested deeper than Jackson allows
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not valid JSON
     */
    public static JsonNode tree(byte[] json, int maxTokens) throws IOException {
        try (BoundedJson parser = new BoundedJson(Json.MAPPER.createParser(json), maxTokens)) {
            JsonNode tree = Json.MAPPER.readTree(parser);
            return tree == null ? MissingNode.getInstance() : tree;
        }
    }

    /** Resets the count for the next part. */
    public void restart() {
        tokens = 0;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        if (++tokens > maxTokens) {
            throw new StreamConstraintsException("holds more than " + maxTokens + " values and names in one piece");
        }
        return delegate.nextToken();
    }

    @Override
    public JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    @Override
    public @Nullable String nextFieldName() throws IOException {
        return nextToken() == JsonToken.FIELD_NAME ? delegate.currentName() : null;
    }

    /** Skipped tokens count as well, because the parser keeps the names of an object until its end. */
    @Override
    public JsonParser skipChildren() throws IOException {
        JsonToken start = currentToken();
        if (start != JsonToken.START_OBJECT && start != JsonToken.START_ARRAY) {
            return this;
        }
        for (int open = 1; open > 0; ) {
            JsonToken token = nextToken();
            if (token == null) {
                return this;
            }
            open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
        return this;
    }
}
