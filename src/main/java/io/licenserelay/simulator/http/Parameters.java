package io.licenserelay.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parameters of a form or JSON body. Token requests ignore the parameters of the query string, because access logs contain them. */
public final class Parameters {
    private final Map<String, String> values = new HashMap<>();

    private Parameters() {}

    /** @throws IllegalArgumentException if the body does not match its content type */
    public static Parameters of(Call call) {
        Parameters parameters = new Parameters();
        String type = call.header("Content-Type");
        if (type != null && type.startsWith("application/json")) {
            parameters.json(call.body());
        } else if (type != null && type.startsWith("application/x-www-form-urlencoded")) {
            parameters.form(new String(call.body(), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    /** The parameters of the query string, for requests without secrets. */
    public static Map<String, String> ofQuery(Call call) {
        Parameters parameters = new Parameters();
        String query = call.query();
        if (query != null) {
            parameters.form(query);
        }
        return parameters.values;
    }

    /** The value, or null if it is missing or empty. */
    @Nullable
    public String get(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Keeps a plus sign, because it does not encode a blank in a path. */
    static String decodeSegment(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return raw;
        }
    }

    private void json(byte[] body) {
        try {
            JsonNode root = Json.MAPPER.readTree(body);
            root.fields()
                    .forEachRemaining(
                            field -> values.put(field.getKey(), field.getValue().asText()));
        } catch (IOException e) {
            throw new IllegalArgumentException("body is not JSON", e);
        }
    }

    private void form(String body) {
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
