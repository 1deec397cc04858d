package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code vmanage-server.log} and {@code vmanage-appserver.log} of the SD-WAN Manager, in three published forms (2020, 2023, 2026): {@code
 * 13-Jan-2023 17:29:02,775 IST INFO [host] [Class] (thread) |tenant| text}, with a padded level, a request id in brackets before the host,
 * or a full month name. Lines of stack traces have no header.
 */
public final class ManagerFormat implements LogFormat {
    private static final Pattern HEAD = Pattern.compile(
            "^(?<day>\\d{1,2})-(?<month>[\\p{L}.]{3,12})-(?<year>\\d{4}) (?<time>\\d{2}:\\d{2}:\\d{2}(?:[,.]\\d{1,9})?)"
                    + " (?<zone>[A-Z]{1,5}|[+-]\\d{2}(?::?\\d{2})?)(?: +(?<level>[A-Z]{4,5}))?(?<brackets>(?: +\\[[^]]*])*)");
    private static final Pattern LAST_BRACKET = Pattern.compile("\\[[^]]*] +\\[([^]]+)]$");

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        Matcher last = LAST_BRACKET.matcher(match.group("brackets"));
        String program = last.find() ? last.group(1) : null;
        String level = match.group("level");
        return LogFormat.stamp(match, true, true)
                .map(stamp -> new LineHeader(
                        stamp, null, program, level == null ? null : level.toLowerCase(Locale.ROOT), null));
    }
}
