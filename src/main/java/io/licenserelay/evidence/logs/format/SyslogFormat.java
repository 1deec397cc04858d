package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.ZoneAbbreviations;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code messages} of SSM On-Prem: RFC 3164 without priority, {@code Jan 13 11:17:01 host tag[pid]: text}, no year and no zone
 * (Cisco's devices write one behind the time); the tags are container ids, and the text is in the program's own format. Months may be localized.
 */
final class SyslogFormat implements LogFormat {
    private static final Pattern HEAD = Pattern.compile(
            "^(?:<\\d{1,3}>)?(?<month>\\p{L}{3,10}\\.?|\\d{1,2}月) {1,2}(?<day>\\d{1,2})(?: (?<year>\\d{4}))?"
                    + " (?<time>\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9}+)?+)" + NO_HALF_DAY
                    + "(?: (?<zone>" + ZoneAbbreviations.SYSLOG_WORD
                    + "):?)?(?= |$)(?: \\S+ (?<tag>[^\\s:\\[]+)(?:\\[\\d+])?:(?: |$))?");

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        return LogFormat.stamp(match, true, true)
                .map(stamp -> ProgramFormats.within(stamp, match.group("tag"), line.substring(match.end())));
    }
}
