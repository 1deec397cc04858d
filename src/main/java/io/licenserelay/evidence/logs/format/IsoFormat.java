package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.ZoneAbbreviations;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * ISO 8601 first, as in RFC 5424, in rsyslog's own stamp and in the Manager's {@code serviceproxy-access.log}:
 * {@code [2026-06-11T07:57:33.635Z] "POST /x HTTP/1.1" 200}. Also PostgreSQL, with a zone's name behind the time, OpenStack, with the
 * name of the file before the date, and log4j with slashes.
 */
final class IsoFormat implements LogFormat {
    private static final Pattern HEAD = Pattern.compile(
            "^(?:<\\d{1,3}>1 |[\\w.:-]{1,120}\\.log[\\w.:-]{0,80} )?\\[?(?<year>\\d{4})(?<separator>[-/])(?<month>\\d{2})\\k<separator>"
                    + "(?<day>\\d{2})[T ](?<time>\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9}+)?+)" + NO_HALF_DAY
                    + "(?: ?(?<zone>Z(?![A-Za-z])|[+-]\\d{2}(?::?\\d{2})?(?!\\d)|" + ZoneAbbreviations.WORD
                    + "))?]?"
                    + "(?: [^\\s\\[]\\S* (?<tag>[^\\s:\\[\"]+)(?:\\[\\d+])?:(?= ))? ?");

    @Override
    public Optional<LineHeader> header(String line) {
        return LogFormat.tagged(HEAD, line);
    }
}
