package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.LoggedRequest;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The formats of the programs inside SSM On-Prem: nginx (access and error), redis, Rails (lograge), either alone in a file or after a
 * syslog header.
 */
final class ProgramFormats {
    private static final String CLOCK = "(?<time>\\d{2}:\\d{2}:\\d{2})";

    private static final Pattern NGINX_ERROR = Pattern.compile(
            "^(?<year>\\d{4})/(?<month>\\d{2})/(?<day>\\d{2}) " + CLOCK + " \\[(?<level>\\w+)] \\d+#\\d+: ");
    private static final Pattern ERROR_CLIENT = Pattern.compile(", client: ([^,\\s]+)");
    private static final Pattern ERROR_REQUEST = Pattern.compile(", request: \"(\\S+) ([^\\s?\"]+)");

    /** The published excerpt has {@code 10.66.76.85https://10.66.76.85}: the text after the address is skipped. */
    private static final Pattern NGINX_ACCESS = Pattern.compile(
            "^(?<client>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)\\S* \\S+ \\S+ \\[(?<day>\\d{2})/(?<month>\\w{3})/"
                    + "(?<year>\\d{4}):" + CLOCK + " (?<zone>[+-]\\d{4})] \"(?<method>\\S+) (?<path>[^\\s?\"]+)");

    private static final Pattern REDIS = Pattern.compile(
            "^\\d+:[A-Z] (?<day>\\d{2}) (?<month>\\w{3}) (?<year>\\d{4}) (?<time>\\d{2}:\\d{2}:\\d{2}\\.\\d{3}) (?<level>[-.*#]) ");
    private static final Map<String, String> REDIS_LEVELS =
            Map.of(".", "debug", "-", "verbose", "*", "notice", "#", "warning");

    private static final Pattern LOGRAGE = Pattern.compile("^method=(\\S+) path=([^\\s?]+)");
    private static final Pattern PROXY = Pattern.compile("^\"([A-Z]+) ([^\\s?\"]+) HTTP/");
    private static final Pattern LEVEL = Pattern.compile("^\\[(DEBUG|INFO|WARN|WARNING|ERROR|FATAL)] ");
    private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{12}");

    private ProgramFormats() {}

    /** The header that a program wrote. Its timestamp is the line's own. */
    static Optional<LineHeader> header(String text) {
        return nginxError(text).or(() -> nginxAccess(text)).or(() -> redis(text));
    }

    /** The header of a line with another timestamp, and possibly a tag, before this text. */
    static LineHeader within(RawStamp outer, @Nullable String tag, String text) {
        LineHeader own = header(text)
                .or(() -> request(LOGRAGE, "rails", text))
                .or(() -> request(PROXY, tag, text))
                .orElseGet(() -> new LineHeader(null, null, programName(tag, text), level(text), null));
        return new LineHeader(outer, own.stamp(), own.program(), own.level(), own.request());
    }

    private static Optional<LineHeader> nginxError(String text) {
        Matcher match = NGINX_ERROR.matcher(text);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        Matcher client = ERROR_CLIENT.matcher(text);
        Matcher quote = ERROR_REQUEST.matcher(text);
        boolean quoted = quote.find();
        LoggedRequest request = new LoggedRequest(
                client.find() ? client.group(1) : null, quoted ? quote.group(1) : null, quoted ? quote.group(2) : null);
        return LogFormat.stamp(match, true, false)
                .map(stamp -> new LineHeader(stamp, null, "nginx", match.group("level"), request));
    }

    private static Optional<LineHeader> nginxAccess(String text) {
        Matcher match = NGINX_ACCESS.matcher(text);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        LoggedRequest request = new LoggedRequest(match.group("client"), match.group("method"), match.group("path"));
        return LogFormat.stamp(match, true, true).map(stamp -> new LineHeader(stamp, null, "nginx", null, request));
    }

    private static Optional<LineHeader> redis(String text) {
        Matcher match = REDIS.matcher(text);
        return match.lookingAt()
                ? LogFormat.stamp(match, true, false)
                        .map(stamp ->
                                new LineHeader(stamp, null, "redis", REDIS_LEVELS.get(match.group("level")), null))
                : Optional.empty();
    }

    private static Optional<LineHeader> request(Pattern pattern, @Nullable String program, String text) {
        Matcher match = pattern.matcher(text);
        return match.lookingAt()
                ? Optional.of(new LineHeader(
                        null, null, program, null, new LoggedRequest(null, match.group(1), match.group(2))))
                : Optional.empty();
    }

    /** A container id is not a program name. Rails is recognized by its text. */
    private static @Nullable String programName(@Nullable String tag, String text) {
        boolean container = tag != null && CONTAINER.matcher(tag).matches();
        return container && text.startsWith("[active_model_serializers]") ? "rails" : tag;
    }

    private static @Nullable String level(String text) {
        Matcher match = LEVEL.matcher(text);
        return match.lookingAt() ? match.group(1).toLowerCase(Locale.ROOT) : null;
    }
}
