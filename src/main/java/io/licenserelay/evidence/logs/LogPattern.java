package io.licenserelay.evidence.logs;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.licenserelay.config.yaml.BadValue;

/**
 * An operator's pattern for log lines. A line that matches is a finding.
 *
 * @param finding its name: {@code local.disk-full}
 * @param source the name of the log, or {@link #ANY}
 * @param pattern may match any part of a line
 * @param phrase the meaning of such a line, as text for people
 */
public record LogPattern(String finding, String source, Pattern pattern, String phrase) {
    /** Every log. */
    public static final String ANY = "any";

    private static final int LONGEST = 500;

    /** A line has at most 4,096 characters. The cost of one line is at most the product of both limits. */
    private static final int LARGEST_PROGRAM = 1000;

    /** Limits the cost of compilation: RE2/J expands counted repeats, and does not limit nested ones, which multiply. */
    private static final long LARGEST_EXPANSION = 100_000;

    private static final Pattern COUNTED = Pattern.compile("(\\)?)\\{([0-9]{1,4})(?:,([0-9]{0,4}))?\\}");

    /** A regular expression in the syntax of RE2, whose cost is bounded. */
    public static Pattern regex(String given) throws BadValue {
        if (given.length() > LONGEST) {
            throw new BadValue("it is longer than " + LONGEST + " characters", "use a shorter pattern");
        }
        if (expansion(given) > LARGEST_EXPANSION) {
            throw tooCostly();
        }
        Pattern pattern = compiled(given);
        if (pattern.programSize() > LARGEST_PROGRAM) {
            throw tooCostly();
        }
        if (pattern.matcher("").find()) {
            throw new BadValue("it matches every line", "match at least one character");
        }
        return pattern;
    }

    private static BadValue tooCostly() {
        return new BadValue("it is too costly", "use fewer repeats or a shorter pattern");
    }

    /** An upper limit of the pattern's length after its counted repeats are expanded. */
    private static long expansion(String regex) {
        long groupFactor = 1;
        long otherFactor = 1;
        Matcher counted = COUNTED.matcher(regex);
        while (counted.find()) {
            String most = counted.group(3);
            long times = Math.max(1, Long.parseLong(most == null || most.isEmpty() ? counted.group(2) : most));
            if (counted.group(1).isEmpty()) {
                otherFactor = Math.max(otherFactor, times);
            } else {
                groupFactor = Math.min(LARGEST_EXPANSION, groupFactor * times);
            }
        }
        return regex.length() * groupFactor * otherFactor;
    }

    private static Pattern compiled(String given) throws BadValue {
        try {
            return Pattern.compile(given);
        } catch (PatternSyntaxException bad) {
            throw new BadValue(
                    "it is not a regular expression of RE2: " + bad.getDescription(),
                    "correct it; RE2 has no lookahead and no backreference");
        }
    }

    /** Whether it applies to every log of a site. */
    public boolean isOfEveryLog() {
        return source.equals(ANY);
    }

    boolean appliesTo(String log) {
        return isOfEveryLog() || source.equals(log);
    }
}
