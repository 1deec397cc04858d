package io.licenserelay.view.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.licenserelay.text.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Which part of a list is requested.
 *
 * @param limit the maximum number of items, 1 to {@link #MOST}
 * @param key the key of the last item of the page before; empty for the first page
 */
public record PageRequest(int limit, List<String> key) {
    /** The largest page. */
    public static final int MOST = 500;

    /** The number of items when none is given. */
    public static final int STANDARD = 100;

    private static final int LONGEST_CURSOR = 4_096;
    private static final TypeReference<List<String>> KEY = new TypeReference<>() {};

    /** The first page of the standard size. */
    public static PageRequest first() {
        return new PageRequest(STANDARD, List.of());
    }

    static PageRequest of(String limit, String after) {
        return new PageRequest(limit.isEmpty() ? STANDARD : limit(limit), after.isEmpty() ? List.of() : key(after));
    }

    /** Whether the first page is requested. */
    public boolean isFirst() {
        return key.isEmpty();
    }

    /** The number of rows to read: one more than the limit shows whether another page follows. */
    public int rows() {
        return limit + 1;
    }

    /**
     * A part of the key as text.
     *
     * @param parts the number of parts that a key of this list has
     * @throws BadQuery if the cursor belongs to another list
     */
    public String text(int part, int parts) {
        if (key.size() != parts) {
            throw foreign();
        }
        return key.get(part);
    }

    /**
     * A part of the key as a number.
     *
     * @throws BadQuery if the cursor belongs to another list
     */
    public long number(int part, int parts) {
        try {
            return Long.parseLong(text(part, parts));
        } catch (NumberFormatException changed) {
            throw foreign();
        }
    }

    /** The opaque text of a key. */
    public static String cursor(List<String> key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(key));
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            throw badLimit(text);
        }
        throw badLimit(text);
    }

    private static BadQuery badLimit(String text) {
        return BadQuery.value("limit", text, "a number from 1 to " + MOST);
    }

    private static List<String> key(String after) {
        try {
            if (after.length() <= LONGEST_CURSOR) {
                String json = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8);
                List<String> key = Json.MAPPER.readValue(json, KEY);
                if (key != null && !key.isEmpty() && !key.contains(null)) {
                    return key;
                }
            }
        } catch (IllegalArgumentException | JsonProcessingException changed) {
            throw foreign();
        }
        throw foreign();
    }

    private static BadQuery foreign() {
        return BadQuery.value("after", "…", "the value of \"after\" in the page before, unchanged");
    }
}
