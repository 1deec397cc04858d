package io.licenserelay.evidence.logs.format;

import static io.licenserelay.evidence.logs.format.LogFormat.NO_HALF_DAY;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.ZoneAbbreviations;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats that are fully described by a pattern with the groups {@code year month day time zone tag}. Not every format has all groups. */
enum StampedFormat implements LogFormat {
    /**
     * {@code messages} of SSM On-Prem: RFC 3164 without priority, {@code Jan 13 11:17:01 host tag[pid]: text}, without year and zone
     * (Cisco's devices write a zone after the time). The tags are container ids, and the text has the program's own format. Month names may
     * be localized.
     */
    SYSLOG("^(?:<\\d{1,3}>)?(?<month>\\p{L}{3,10}\\.?|\\d{1,2}月) {1,2}(?<day>\\d{1,2})(?: (?<year>\\d{4}))?"
            + " (?<time>\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9}+)?+)" + NO_HALF_DAY
            + "(?: (?<zone>" + ZoneAbbreviations.SYSLOG_WORD
            + "):?)?(?= |$)(?: \\S+ (?<tag>[^\\s:\\[]+)(?:\\[\\d+])?:(?: |$))?"),
    /**
     * RFC 5424 (section 6): {@code <34>1 2026-01-13T11:17:01.003Z host app procid msgid [structured data] text}. A message without a
     * timestamp, which the RFC allows, does not match.
     */
    RFC_5424("^(?:<\\d{1,3}>)?1 (?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})T"
            + "(?<time>\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,6})?)(?<zone>Z|[+-]\\d{2}:\\d{2})"
            + " \\S{1,255} (?<tag>\\S{1,48}) \\S{1,128} \\S{1,32} (?:-|(?:\\[(?:[^]\\\\]++|\\\\.)*+])++)(?: |$)"),
    /**
     * Lines that begin with ISO 8601, as in RFC 5424, in rsyslog's own format and in the Manager's {@code serviceproxy-access.log}:
     * {@code [2026-06-11T07:57:33.635Z] "POST /x HTTP/1.1" 200}. Also PostgreSQL with a zone name after the time, OpenStack with the file
     * name before the date, and log4j with slashes.
     */
    ISO(
            "^(?:<\\d{1,3}>1 |[\\w.:-]{1,120}\\.log[\\w.:-]{0,80} )?\\[?(?<year>\\d{4})(?<separator>[-/])(?<month>\\d{2})\\k<separator>"
                    + "(?<day>\\d{2})[T ](?<time>\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9}+)?+)" + NO_HALF_DAY
                    + "(?: ?(?<zone>Z(?![A-Za-z])|[+-]\\d{2}(?::?\\d{2})?(?!\\d)|" + ZoneAbbreviations.WORD
                    + "))?]?"
                    + "(?: [^\\s\\[]\\S* (?<tag>[^\\s:\\[\"]+)(?:\\[\\d+])?:(?= ))? ?"),
    /**
     * The timestamp of the common log format in a line that is not a complete nginx line: {@code host - - [13/Jan/2023:11:14:46 +0000]}.
     */
    ACCESS("^(?:[^\\s\\[]{1,255} ){0,4}\\[(?<day>\\d{2})/(?<month>[A-Z][a-z]{2})/"
            + "(?<year>\\d{4}):(?<time>\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?) (?<zone>[+-]\\d{4})] ?");

    private final Pattern head;
    private final boolean year;
    private final boolean zone;
    private final boolean tag;

    StampedFormat(String head) {
        this.head = Pattern.compile(head);
        this.year = head.contains("(?<year>");
        this.zone = head.contains("(?<zone>");
        this.tag = head.contains("(?<tag>");
    }

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = head.matcher(line);
        return match.lookingAt()
                ? LogFormat.stamp(match, year, zone)
                        .map(stamp -> ProgramFormats.within(
                                stamp, tag ? match.group("tag") : null, line.substring(match.end())))
                : Optional.empty();
    }
}
