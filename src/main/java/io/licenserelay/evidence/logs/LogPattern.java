package io.licenserelay.evidence.logs;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.licenserelay.config.yaml.BadValue;

/**
 * What an operator looks for in logs: a line that matches is a finding.
 *
 * @param finding its name: {@code local.disk-full}
 * @param source the name of the log, or {@link #ANY}
 * @param pattern found anywhere in a line
 * @param phrase what the line means, for people
 */
public record LogPattern(String finding, String source, Pattern pattern, String phrase) {
    /** Every log. */
    public static final String ANY = "any";

    private static final int LONGEST = 500;

    /** A line has 4,096 characters: the product of the two bounds what one line costs. */
    private static final int LARGEST_PROGRAM = 1000;

    /** What compiling may cost: RE2/J writes counted repeats out, and does not bound nested ones, which multiply. */
    private static final long LARGEST_EXPANSION = 100_000;

    private static final Pattern COUNTED = Pattern.compile("(\\)?)\\{([0-9]{1,4})(?:,([0-9]{0,4}))?\\}");

    /** A regular expression in the syntax of RE2, whose cost is bounded. */
    public static Pattern regex(String given) throws BadValue {
        if (given.length() > LONGEST) {
            throw new BadValue("it is longer than " + LONGEST + " characters", "look for fewer words");
        }
        if (expansion(given) > LARGEST_EXPANSION) {
            throw tooCostly();
        }
        Pattern pattern = compiled(given);
        if (pattern.programSize() > LARGEST_PROGRAM) {
            throw tooCostly();
        }
        if (pattern.matcher("").find()) {
            throw new BadValue("it matches every line", "look for at least one character");
        }
        return pattern;
    }

    private static BadValue tooCostly() {
        return new BadValue("it is too costly", "repeat fewer times, and look for fewer words");
    }

    /** At least as many characters as the pattern has when its counted repeats are written out. */
    private static long expansion(String regex) {
        long ofGroups = 1;
        long ofOthers = 1;
        Matcher counted = COUNTED.matcher(regex);
        while (counted.find()) {
            String most = counted.group(3);
            long times = Math.max(1, Long.parseLong(most == null || most.isEmpty() ? counted.group(2) : most));
            if (counted.group(1).isEmpty()) {
                ofOthers = Math.max(ofOthers, times);
            } else {
                ofGroups = Math.min(LARGEST_EXPANSION, ofGroups * times);
            }
        }
        return regex.length() * ofGroups * ofOthers;
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

    /** Whether it is looked for in each log of a site. */
    public boolean isOfEveryLog() {
        return source.equals(ANY);
    }

    boolean concerns(String log) {
        return isOfEveryLog() || source.equals(log);
    }
}
