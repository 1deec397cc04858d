package io.licenserelay.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.WireNamed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Texts of the pages for values. Times are in UTC and name it. */
public final class Show {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Show() {}

    /** {@code 2026-11-30 21:04:11 UTC}; a dash for none. */
    public static String time(@Nullable Instant at) {
        return at == null ? "–" : TIME.format(at);
    }

    /** {@code 2026-11-30}; a dash for none. */
    public static String day(@Nullable Instant at) {
        return at == null ? "–" : DAY.format(at);
    }

    /** {@code 2 min ago}, {@code in 3 days}. */
    public static String distance(Instant now, @Nullable Instant at) {
        if (at == null) {
            return "never";
        }
        Duration away = Duration.between(now, at);
        return away.isNegative() ? span(away.negated()) + " ago" : "in " + span(away);
    }

    /** {@code 42 s}, {@code 5 min}, {@code 3 h}, {@code 12 days}. */
    public static String span(Duration length) {
        long seconds = length.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
    }

    /** {@code 4.2 s}; a dash for none. */
    public static String seconds(@Nullable Double seconds) {
        return seconds == null ? "–" : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** {@code 1,234,567}. */
    public static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** The name of a constant as in events; a dash for none. */
    public static String word(@Nullable WireNamed value) {
        return value == null ? "–" : value.wireName();
    }

    /** The text; a dash for none. */
    public static String text(@Nullable Object value) {
        return value == null || value.equals("") ? "–" : value.toString();
    }

    /** How much of a whole is used, 0 to 100. */
    public static long percent(long part, long whole) {
        return whole <= 0 ? 0 : Math.min(100, Math.max(0, Math.round(100.0 * part / whole)));
    }

    /** Lines for a {@code pre} element. */
    public static String pretty(JsonNode json) {
        return json.toPrettyString();
    }

    /** The texts of an array. */
    public static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.isTextual() ? each.asText() : each.toString()));
        return texts;
    }

    /** The members of an object, in their order. */
    public static List<Map.Entry<String, JsonNode>> members(JsonNode object) {
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>();
        Iterator<Map.Entry<String, JsonNode>> all = object.fields();
        all.forEachRemaining(members::add);
        return members;
    }

    /** An optional value for a template; null for none. */
    public static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }

    /** The sum of the phases of a probe in milliseconds. */
    public static long total(JsonNode phases) {
        long total = 0;
        for (JsonNode each : phases) {
            total += each.asLong();
        }
        return total;
    }

    /** The longest total of all probes, at least 1. */
    public static long longest(JsonNode probes) {
        long longest = 1;
        for (JsonNode each : probes) {
            longest = Math.max(longest, total(each.path("millis")));
        }
        return longest;
    }
}
