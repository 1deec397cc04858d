package io.licenserelay.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.licenserelay.redact.match.KeyName;
import io.licenserelay.redact.rules.SecretObject;
import java.util.Map;

/** Creates a redacted copy of a JSON tree. */
final class JsonRedactor {
    /** Redacts one string of a tree. */
    interface Texts {
        /**
         * The text without its secrets.
         *
         * @param path the names above the text, joined by dots
         * @param secret whether the nearest name denotes a secret
         */
        String redact(String path, String text, boolean secret);
    }

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Texts texts;

    JsonRedactor(Texts texts) {
        this.texts = texts;
    }

    JsonNode redact(JsonNode node) {
        return redact(node, "", false);
    }

    private JsonNode redact(JsonNode node, String path, boolean secret) {
        if (node.isObject()) {
            return object(node, path, secret);
        }
        if (node.isArray()) {
            ArrayNode array = NODES.arrayNode(node.size());
            node.forEach(element -> array.add(redact(element, path, secret)));
            return array;
        }
        if (secret && (node.isTextual() || node.isNumber())) {
            return new TextNode(texts.redact(path, node.asText(), true));
        }
        return node.isTextual() ? new TextNode(texts.redact(path, node.textValue(), false)) : node;
    }

    private ObjectNode object(JsonNode node, String path, boolean within) {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = texts.redact("", field.getKey(), false);
            while (object.has(name)) {
                name += "_";
            }
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            boolean secret = KeyName.isSecret(field.getKey()) || within && SecretObject.isValue(field.getKey());
            object.set(name, redact(field.getValue(), below, secret));
        }
        return object;
    }
}
