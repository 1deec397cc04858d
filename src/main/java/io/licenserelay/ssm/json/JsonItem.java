package io.licenserelay.ssm.json;

import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.text.ShortText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of a list in an answer: its scalar fields by path ({@code sudi.udiPid}, {@code licenseDetails[].endDate}). SSM writes numbers
 * and booleans as JSON values or as text; both forms are read.
 */
public final class JsonItem {
    private static final String SEPARATOR = "\n";

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]+");

    private final Map<String, String> fields = new HashMap<>();
    private final Map<String, List<String>> repeated = new HashMap<>();
    private final Set<String> keptPaths;
    private String parent = "";
    private String list = "";
    private long index;
    private int chars;

    /** @param keptPaths the paths that are kept */
    JsonItem(Set<String> keptPaths) {
        this.keptPaths = keptPaths;
    }

    boolean keeps(String path) {
        return keptPaths.contains(path);
    }

    /** @param parent the path of the object that contains the list, empty or with a dot at its end */
    void start(String parent, String list, long index) {
        this.parent = parent;
        this.list = list;
        this.index = index;
        fields.clear();
        repeated.clear();
        chars = 0;
    }

    /** Adds a value. A field that occurs more than once, as in an array, keeps all its values. */
    void put(String path, String given) {
        // PostgreSQL stores no NUL character in a text, and no name has a use for it.
        String value = given.replace('\0', '\uFFFD');
        chars += value.length() + 1;
        String first = fields.putIfAbsent(path, value);
        if (first != null) {
            repeated.computeIfAbsent(path, firstValues -> new ArrayList<>(List.of(first)))
                    .add(value);
        }
    }

    /** The number of characters of all kept values. */
    int chars() {
        return chars;
    }

    /** The approximate number of bytes of an object built from this item. */
    public long weight() {
        return 200 + 2L * chars;
    }

    /** The path of the item: {@code licenses[3]}. */
    public String place() {
        return parent + list + "[" + index + "]";
    }

    public String text(String path) {
        String value = value(path);
        return value == null ? "" : value;
    }

    @Nullable
    public String optional(String path) {
        String value = value(path);
        return value == null || value.isEmpty() ? null : value;
    }

    List<String> values(String path) {
        String value = optional(path);
        return value == null ? List.of() : List.of(value.split(SEPARATOR));
    }

    /** @throws BadAnswer when the field is missing or empty; the message has its path */
    public String required(String path) throws BadAnswer {
        String value = value(path);
        if (value == null || value.isBlank()) {
            throw BadAnswer.shape(place() + "." + path, "is missing");
        }
        return value;
    }

    /** A whole number of 64 bits. It may be text, or a decimal such as 4.0. */
    public long requiredNumber(String path) throws BadAnswer {
        return number(path, required(path));
    }

    public long number(String path, long defaultValue) throws BadAnswer {
        String value = optional(path);
        return value == null ? defaultValue : number(path, value);
    }

    private long number(String path, String value) throws BadAnswer {
        if (value.length() < 19 && DIGITS.matcher(value).matches()) {
            return Long.parseLong(value);
        }
        try {
            // A short text with a huge exponent would become a huge number.
            BigDecimal decimal = new BigDecimal(value.strip());
            if (decimal.scale() < -19 || decimal.precision() - decimal.scale() > 19) {
                throw new ArithmeticException("more than 64 bits");
            }
            return decimal.longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw BadAnswer.shape(place() + "." + path, "is not a whole number of 64 bits: " + ShortText.of(value, 40));
        }
    }

    public boolean flag(String path) {
        String value = text(path).toLowerCase(Locale.ROOT);
        return value.equals("true") || value.equals("yes") || value.equals("1");
    }

    /** An ISO 8601 time or date. An invalid or missing value gives the same result. */
    @Nullable
    public Instant instant(String path) {
        String value = optional(path);
        return value == null ? null : instantOf(value);
    }

    /** The earliest of the valid times. */
    @Nullable
    public Instant earliest(String path) {
        String value = optional(path);
        if (value == null || !value.contains(SEPARATOR)) {
            return value == null ? null : instantOf(value);
        }
        return values(path).stream()
                .map(JsonItem::instantOf)
                .filter(instant -> instant != null)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private @Nullable String value(String path) {
        if (!keeps(path)) {
            throw new IllegalArgumentException(path + " is not one of the kept fields");
        }
        List<String> all = repeated.get(path);
        return all == null ? fields.get(path) : String.join(SEPARATOR, all);
    }

    private static @Nullable Instant instantOf(String value) {
        String trimmed = value.strip();
        try {
            return trimmed.length() == 10
                    ? LocalDate.parse(trimmed).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(trimmed).toInstant();
        } catch (DateTimeException invalid) {
            return null;
        }
    }
}
