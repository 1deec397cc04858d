package io.licenserelay.config.yaml;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, sizes, shares and whole numbers as they are written in configuration. */
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
    public static ValueParser<Duration> duration(Duration least, Duration most) {
        String fix = "write a number with ms, s, m or h, from " + text(least) + " to " + text(most);
        return given -> {
            Matcher matcher = NUMBER_AND_UNIT.matcher(given);
            Duration unit = matcher.matches() ? TIMES.get(matcher.group(2)) : null;
            if (unit == null) {
                throw new BadValue(quoted(given) + " is no duration", fix);
            }
            long times = Long.parseLong(matcher.group(1));
            // Compared before multiplying, so that no number overflows.
            if (times > most.dividedBy(unit) || unit.multipliedBy(times).compareTo(least) < 0) {
                throw new BadValue(quoted(given) + " is out of range", fix);
            }
            return unit.multipliedBy(times);
        };
    }

    /** {@code 30d}, {@code 7y}; a year is 365 days. */
    public static ValueParser<Duration> days(int least, int most) {
        String fix = "write a number with d or y, from " + least + "d to " + most + "d";
        return given -> {
            Matcher matcher = NUMBER_AND_UNIT.matcher(given);
            if (!matcher.matches() || !matcher.group(2).matches("[dy]")) {
                throw new BadValue(quoted(given) + " is no time in days or years", fix);
            }
            long times = Long.parseLong(matcher.group(1));
            long days = matcher.group(2).equals("y") ? times * 365 : times;
            if (days < least || days > most) {
                throw new BadValue(quoted(given) + " is out of range", fix);
            }
            return Duration.ofDays(days);
        };
    }

    /** {@code 512KiB}, {@code 64MiB}, {@code 1GiB}, in bytes. */
    public static ValueParser<Long> size(long least, long most) {
        String largest = most < 1 << 30 ? (most >> 20) + " MiB" : (most >> 30) + " GiB";
        String fix = "write a number with B, KiB, MiB or GiB, from " + least + " B to " + largest;
        return given -> {
            Matcher matcher = NUMBER_AND_UNIT.matcher(given);
            Long unit = matcher.matches() ? SIZES.get(matcher.group(2)) : null;
            if (unit == null) {
                throw new BadValue(quoted(given) + " is no size", fix);
            }
            long times = Long.parseLong(matcher.group(1));
            if (times > most / unit || times * unit < least) {
                throw new BadValue(quoted(given) + " is out of range", fix);
            }
            return times * unit;
        };
    }

    public static ValueParser<Integer> whole(int least, int most) {
        return given -> {
            if (given.matches("[0-9]{1,9}") && Integer.parseInt(given) >= least && Integer.parseInt(given) <= most) {
                return Integer.parseInt(given);
            }
            throw new BadValue(
                    quoted(given) + " is out of range", "write a whole number from " + least + " to " + most);
        };
    }

    /** {@code 50%} as 0.5. */
    public static double share(String given) throws BadValue {
        Matcher matcher = PERCENT.matcher(given);
        double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
        if (percent >= 0 && percent <= 100) {
            return percent / 100;
        }
        throw new BadValue(quoted(given) + " is no share", "write it in percent, from 0% to 100%");
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
