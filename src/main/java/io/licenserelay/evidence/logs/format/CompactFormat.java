package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates as one group of digits in a known order: {@code 20171223-22:15:29:606|} of HealthApp, whose numbers have no leading zeros, and
 * {@code 081109 203615 148 INFO dfs.DataNode} of HDFS, recognized by its class names.
 */
final class CompactFormat implements LogFormat {
    private static final Pattern HEALTH_APP =
            Pattern.compile("^(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})[-T ](?<hour>\\d{1,2}):(?<minute>\\d{1,2}):"
                    + "(?<second>\\d{1,2})(?:[:.,](?<milli>\\d{1,3}))?(?=[|\\s]|$)" + NO_HALF_DAY + "\\|? ?");
    private static final Pattern HDFS =
            Pattern.compile("^(?<year>\\d{2})(?<month>\\d{2})(?<day>\\d{2}) (?<hour>\\d{2})(?<minute>\\d{2})"
                    + "(?<second>\\d{2}) \\d{1,10} (?<level>[A-Z]{4,5}) (?<class>dfs\\.[\\w.$]{1,200}): ");

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher healthApp = HEALTH_APP.matcher(line);
        if (healthApp.lookingAt()) {
            String milli = healthApp.group("milli");
            String fraction = milli == null ? "" : "." + "0".repeat(3 - milli.length()) + milli;
            return stamp(healthApp, healthApp.group("year"), fraction)
                    .map(stamp -> ProgramFormats.within(stamp, null, line.substring(healthApp.end())));
        }
        Matcher hdfs = HDFS.matcher(line);
        return hdfs.lookingAt()
                ? stamp(hdfs, "20" + hdfs.group("year"), "")
                        .map(stamp -> ProgramFormats.within(stamp, hdfs.group("class"), line.substring(hdfs.end())))
                : Optional.empty();
    }

    private static Optional<RawStamp> stamp(Matcher match, String year, String fraction) {
        String time = two(match, "hour") + ":" + two(match, "minute") + ":" + two(match, "second") + fraction;
        return RawStamp.of(year, match.group("month"), match.group("day"), time, null);
    }

    private static String two(Matcher match, String group) {
        String digits = match.group(group);
        return digits.length() == 1 ? "0" + digits : digits;
    }
}
