package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * RFC 5424 (section 6) as it is sent: {@code <34>1 2026-01-13T11:17:01.003Z host app procid msgid [structured data] text}. A message
 * without stamp, which is allowed, is none of its lines.
 */
final class Rfc5424Format implements LogFormat {
    private static final Pattern HEAD = Pattern.compile(
            "^(?:<\\d{1,3}>)?1 (?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})T"
                    + "(?<time>\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,6})?)(?<zone>Z|[+-]\\d{2}:\\d{2})"
                    + " \\S{1,255} (?<tag>\\S{1,48}) \\S{1,128} \\S{1,32} (?:-|(?:\\[(?:[^]\\\\]++|\\\\.)*+])++)(?: |$)");

    @Override
    public Optional<LineHeader> header(String line) {
        return LogFormat.tagged(HEAD, line);
    }
}
