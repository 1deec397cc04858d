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
 * One object out of a list in an answer: its scalar fields by path ({@code sudi.udiPid},
 * {@code licenseDetails[].endDate}). SSM writes numbers as numbers or as text, booleans likewise; both are read.
 */
public final class JsonItem {
    private static final String SEPARATOR = "\n";

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]+");

    private final Map<String, String> fields = new HashMap<>();
    private final Map<String, List<String>> repeated = new HashMap<>();
    private final Set<String> wanted;
    private String parent = "";
    private String list = "";
    private long index;
    private int chars;

    /** @param wanted the paths that may be asked for; others are not kept */
    JsonItem(Set<String> wanted) {
        this.wanted = wanted;
    }

    boolean wants(String path) {
        return wanted.contains(path);
    }

    /** @param parent the place that the list is in, empty or with a dot at its end */
    void start(String parent, String list, long index) {
        this.parent = parent;
        this.list = list;
        this.index = index;
        fields.clear();
        repeated.clear();
        chars = 0;
    }

    /** A field that comes more than once, as those inside arrays do, keeps all its values. */
    void put(String path, String value) {
        chars += value.length() + 1;
        String first = fields.putIfAbsent(path, value);
        if (first != null) {
            repeated.computeIfAbsent(path, once -> new ArrayList<>(List.of(first)))
                    .add(value);
        }
    }

    /** Characters of all values that are kept. */
    int chars() {
        return chars;
    }

    /** Bytes that an object made of it takes, about. */
    public long weight() {
        return 200 + 2L * chars;
    }

    /** Where it stands: {@code licenses[3]}. */
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

    /** @throws BadAnswer when it is missing or empty, naming the place */
    public String required(String path) throws BadAnswer {
        String value = value(path);
        if (value == null || value.isBlank()) {
            throw BadAnswer.shape(place() + "." + path, "is missing");
        }
        return value;
    }

    /** A whole number within 64 bits, also as text, also as 4.0. */
    public long requiredNumber(String path) throws BadAnswer {
        return number(path, required(path));
    }

    public long number(String path, long otherwise) throws BadAnswer {
        String value = optional(path);
        return value == null ? otherwise : number(path, value);
    }

    private long number(String path, String value) throws BadAnswer {
        if (value.length() < 19 && DIGITS.matcher(value).matches()) {
            return Long.parseLong(value);
        }
        try {
            // A decimal with a huge exponent is a short text that would become a gigantic number.
            BigDecimal decimal = new BigDecimal(value.strip());
            if (decimal.scale() < -19 || decimal.precision() - decimal.scale() > 19) {
                throw new ArithmeticException("beyond 64 bits");
            }
            return decimal.longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw BadAnswer.shape(place() + "." + path, "is no whole number of 64 bits: " + ShortText.of(value, 40));
        }
    }

    public boolean flag(String path) {
        String value = text(path).toLowerCase(Locale.ROOT);
        return value.equals("true") || value.equals("yes") || value.equals("1");
    }

    /** ISO 8601, a date alone, or nothing; what cannot be read as a time is treated as not given. */
    @Nullable
    public Instant instant(String path) {
        String value = optional(path);
        return value == null ? null : instantOf(value);
    }

    /** The earliest of the values that can be read. */
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
        if (!wants(path)) {
            throw new IllegalArgumentException(path + " is not among the fields that are kept");
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
        } catch (DateTimeException unknownForm) {
            return null;
        }
    }
}
