package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Android's {@code logcat}, recognized by its process and thread numbers or the level letter. The month comes first, and there is no year.
 */
final class LogcatFormat implements LogFormat {
    private static final Pattern HEAD = Pattern.compile(
            "^(?<month>\\d{2})-(?<day>\\d{2}) (?<time>\\d{2}:\\d{2}:\\d{2}\\.\\d{3})"
                    + "(?: +\\d{1,7} +\\d{1,7} [VDIWEFAS] (?<tag>[^\\s:]{1,100}) *: ?| [VDIWEFAS]/(?<brief>[^\\s:(]{1,100}) *\\( *\\d{1,7}\\): ?)");

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        String tag = match.group("tag") == null ? match.group("brief") : match.group("tag");
        return LogFormat.stamp(match, false, false)
                .map(stamp -> ProgramFormats.within(stamp, tag, line.substring(match.end())));
    }
}
