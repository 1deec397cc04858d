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
 * JSON of which a bounded part is read at a time: a small file may hold millions of empty objects, each of which takes a hundred
 * bytes as a tree. Used by one thread.
 */
public final class BoundedJson extends JsonParserDelegate {

    private final int most;
    private int tokens;

    /** @param most tokens from one {@link #restart} to the next */
    public BoundedJson(JsonParser json, int most) {
        super(json);
        this.most = most;
    }

    /**
     * The whole text as a tree.
     *
     * @param most values and names together; each takes about a hundred bytes
     * @return a missing node when the text is empty
     * @throws StreamConstraintsException when the text holds more, or is deeper than Jackson allows
     * @throws com.fasterxml.jackson.core.JsonProcessingException when it is no JSON
     */
    public static JsonNode tree(byte[] json, int most) throws IOException {
        try (BoundedJson parser = new BoundedJson(Json.MAPPER.createParser(json), most)) {
            JsonNode tree = Json.MAPPER.readTree(parser);
            return tree == null ? MissingNode.getInstance() : tree;
        }
    }

    /** The next part begins. */
    public void restart() {
        tokens = 0;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        if (++tokens > most) {
            throw new StreamConstraintsException("holds more than " + most + " values and names in one piece");
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

    /** The names of an object are held until it ends, so what is skipped counts as well. */
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
