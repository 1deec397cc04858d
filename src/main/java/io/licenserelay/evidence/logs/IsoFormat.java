package io.licenserelay.evidence.logs;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * ISO 8601 first, as in RFC 5424, in rsyslog's own stamp and in the Manager's {@code serviceproxy-access.log}:
 * {@code [2026-06-11T07:57:33.635Z] "POST /x HTTP/1.1" 200}.
 */
final class IsoFormat implements LogFormat {
    private static final Pattern HEAD =
            Pattern.compile("^(?:<\\d{1,3}>1 )?\\[?(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})[T ]"
                    + "(?<time>\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?) ?(?<zone>Z|[+-]\\d{2}(?::?\\d{2})?(?!\\d))?]?"
                    + "(?: \\S+ (?<tag>[^\\s:\\[\"]+)(?:\\[\\d+])?:(?= ))? ?");

    @Override
    public Optional<Header> header(String line) {
        return LogFormat.tagged(HEAD, line);
    }
}
