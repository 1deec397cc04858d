package io.licenserelay.view.query;

import io.licenserelay.text.WireNamed;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameters of one request, each checked when it is read. Empty values count as missing, as an empty field of a form. */
public final class QueryParameters {
    /** The longest value of a parameter. */
    private static final int LONGEST = 300;

    private static final int LONGEST_CURSOR = 5_000;

    private final Map<String, String> parameters;

    private QueryParameters(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /**
     * Checks the names of the parameters.
     *
     * @param known the names that the resource has
     * @throws BadQuery if a parameter is unknown or too long
     */
    public static QueryParameters of(Map<String, String> parameters, Collection<String> known) {
        parameters.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw BadQuery.unknown(name, known);
            }
            int most = name.equals("after") ? LONGEST_CURSOR : LONGEST;
            if (value.length() > most) {
                throw BadQuery.value(name, value, "at most " + most + " characters");
            }
        });
        return new QueryParameters(Map.copyOf(parameters));
    }

    /** The value; null if it is missing or empty. */
    public @Nullable String text(String name) {
        String value = parameters.getOrDefault(name, "").strip();
        return value.isEmpty() ? null : value;
    }

    /**
     * A name of the configuration or of a list that is known in full, such as a site.
     *
     * @param known all valid values
     * @throws BadQuery for another value
     */
    public @Nullable String known(String name, Collection<String> known) {
        String value = text(name);
        if (value != null && !known.contains(value)) {
            throw BadQuery.value(name, value, oneOf(known));
        }
        return value;
    }

    /** @throws BadQuery if the value is no constant's wire name */
    public <E extends Enum<E> & WireNamed> @Nullable E constant(String name, Class<E> type) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        Optional<E> found = WireNamed.find(type, value);
        return found.orElseThrow(() -> BadQuery.value(
                name,
                value,
                oneOf(Stream.of(type.getEnumConstants())
                        .map(WireNamed::wireName)
                        .toList())));
    }

    /** A point in time; null if it is missing. @throws BadQuery if it is not ISO 8601 with an offset */
    public @Nullable Instant time(String name) {
        String value = text(name);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeParseException invalid) {
            throw BadQuery.value(name, value, "a time in UTC as 2026-11-30T12:00:00Z");
        }
    }

    /** Whether the value is {@code true}; false if it is missing. @throws BadQuery for another value than true and false */
    public boolean flag(String name) {
        return "true".equals(known(name, List.of("true", "false")));
    }

    /**
     * A whole number.
     *
     * @param standard the value if the parameter is missing
     * @throws BadQuery if the value is not in the range
     */
    public int number(String name, int least, int most, int standard) {
        String value = text(name);
        if (value == null) {
            return standard;
        }
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException invalid) {
            number = least - 1;
        }
        if (number < least || number > most) {
            throw BadQuery.value(name, value, "a number from " + least + " to " + most);
        }
        return number;
    }

    /** The requested page: parameters {@code limit} and {@code after}. @throws BadQuery if one of them is invalid */
    public PageRequest page() {
        return PageRequest.of(parameters.getOrDefault("limit", ""), parameters.getOrDefault("after", ""));
    }

    private static String oneOf(Collection<String> values) {
        return values.isEmpty() ? "no value: none exists" : String.join(", ", values);
    }
}
