package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stamp of the common log format where a line is no whole one of nginx: {@code host - - [13/Jan/2023:11:14:46 +0000]}. */
final class AccessFormat implements LogFormat {
    private static final Pattern HEAD =
            Pattern.compile("^(?:[^\\s\\[]{1,255} ){0,4}\\[(?<day>\\d{2})/(?<month>[A-Z][a-z]{2})/"
                    + "(?<year>\\d{4}):(?<time>\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?) (?<zone>[+-]\\d{4})] ?");

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        return match.lookingAt()
                ? LogFormat.stamp(match, true, true)
                        .map(stamp -> ProgramFormats.within(stamp, null, line.substring(match.end())))
                : Optional.empty();
    }
}
