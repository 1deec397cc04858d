package io.licenserelay.config.yaml;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations, sizes, percentages and whole numbers. */
public final class AmountValues {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,12})\\s*([A-Za-z]+)");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)\\s*%");
    private static final Map<String, Duration> TIMES = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));
    private static final Map<String, Long> SIZES = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private AmountValues() {}

    /** {@code 500ms}, {@code 30s}, {@code 10m}, {@code 1h}. */
    public static ValueParser<Duration> duration(Duration min, Duration max) {
        String fix = "write a number with ms, s, m or h, from " + text(min) + " to " + text(max);
        return given -> {
            Matcher matcher = NUMBER_AND_UNIT.matcher(given);
            Duration unit = matcher.matches() ? TIMES.get(matcher.group(2)) : null;
            if (unit == null) {
                throw new BadValue(quoted(given) + " is not a duration", fix);
            }
            long times = Long.parseLong(matcher.group(1));
            // The limit is checked before multiplying, so that no number overflows.
            if (times > max.dividedBy(unit) || unit.multipliedBy(times).compareTo(min) < 0) {
                throw new BadValue(quoted(given) + " is out of range", fix);
            }
            return unit.multipliedBy(times);
        };
    }

    /** {@code 30d}, {@code 7y}; a year is 365 days. */
    public static ValueParser<Duration> days(int min, int max) {
        String fix = "write a number with d or y, from " + min + "d to " + max + "d";
        return given -> {
            Matcher matcher = NUMBER_AND_UNIT.matcher(given);
            if (!matcher.matches() || !matcher.group(2).matches("[dy]")) {
                throw new BadValue(quoted(given) + " is not a number of days or years", fix);
            }
            long times = Long.parseLong(matcher.group(1));
            long days = matcher.group(2).equals("y") ? times * 365 : times;
            if (days < min || days > max) {
                throw new BadValue(quoted(given) + " is out of range", fix);
            }
            return Duration.ofDays(days);
        };
    }

    /** Bytes: {@code 512KiB}, {@code 64MiB}, {@code 1GiB}. */
    public static ValueParser<Long> size(long min, long max) {
        String largest = max < 1 << 30 ? (max >> 20) + " MiB" : (max >> 30) + " GiB";
        String fix = "write a number with B, KiB, MiB or GiB, from " + min + " B to " + largest;
        return given -> {
            Matcher matcher = NUMBER_AND_UNIT.matcher(given);
            Long unit = matcher.matches() ? SIZES.get(matcher.group(2)) : null;
            if (unit == null) {
                throw new BadValue(quoted(given) + " is not a size", fix);
            }
            long times = Long.parseLong(matcher.group(1));
            if (times > max / unit || times * unit < min) {
                throw new BadValue(quoted(given) + " is out of range", fix);
            }
            return times * unit;
        };
    }

    public static ValueParser<Integer> whole(int min, int max) {
        return given -> {
            if (given.matches("[0-9]{1,9}") && Integer.parseInt(given) >= min && Integer.parseInt(given) <= max) {
                return Integer.parseInt(given);
            }
            throw new BadValue(quoted(given) + " is out of range", "write a whole number from " + min + " to " + max);
        };
    }

    /** {@code 50%} as 0.5. */
    public static double share(String given) throws BadValue {
        Matcher matcher = PERCENT.matcher(given);
        double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
        if (percent >= 0 && percent <= 100) {
            return percent / 100;
        }
        throw new BadValue(quoted(given) + " is not a percentage", "write a percentage from 0% to 100%");
    }

    public static boolean yesNo(String given) throws BadValue {
        return switch (given) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValue(quoted(given) + " is neither true nor false", "write true or false");
        };
    }

    private static String quoted(String given) {
        return '"' + given + '"';
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 3_600_000 == 0 && millis > 0
                ? millis / 3_600_000 + "h"
                : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
