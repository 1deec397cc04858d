package io.licenserelay.ssm.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names and types of an answer's fields, without values: {@code licenses[].inUse: number}.
 *
 * @param fields sorted, at most 200
 * @param whole whether the answer was read to its end; if not, {@code fields} has the part that was read
 */
public record AnswerShape(List<String> fields, boolean whole) {
    private static final int MAX = 200;
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern INDEX = Pattern.compile("\\d+");

    /** Other keys may be data that is used as a key; they are shown as {@code *}. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,40}");

    /** Reads the beginning of a body. The result is empty if the body is not JSON. */
    public static AnswerShape of(String body) {
        Set<String> fields = new TreeSet<>();
        boolean whole = true;
        try (JsonParser parser = JSON.createParser(body)) {
            for (JsonToken token = parser.nextToken();
                    token != null && fields.size() < MAX;
                    token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    fields.add(path(parser.getParsingContext().pathAsPointer()) + ": " + type(token));
                }
            }
        } catch (IOException truncatedOrNotJson) {
            whole = false;
        }
        return new AnswerShape(List.copyOf(fields), whole);
    }

    private static String path(JsonPointer pointer) {
        List<String> parts = new ArrayList<>();
        for (JsonPointer rest = pointer; rest != null && !rest.matches(); rest = rest.tail()) {
            String part = rest.getMatchingProperty();
            parts.add(INDEX.matcher(part).matches() ? "[]" : NAME.matcher(part).matches() ? part : "*");
        }
        return parts.isEmpty() ? "(answer)" : String.join(".", parts).replace(".[]", "[]");
    }

    private static String type(JsonToken token) {
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            case VALUE_NULL -> "null";
            default -> "text";
        };
    }
}
