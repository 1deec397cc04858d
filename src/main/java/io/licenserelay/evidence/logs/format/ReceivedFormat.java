package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import io.licenserelay.evidence.logs.line.SafeText;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The format in which the relay stores received syslog lines: {@code 2026-01-13T11:17:01.250Z [10.66.76.81] } and the original message. The
 * message's own timestamp is used; the receive time determines its year and zone. The sender {@code relay} marks the relay's own notices;
 * no remote sender can use it.
 */
public final class ReceivedFormat implements LogFormat {
    /** The program of notices about lines that were not stored. */
    static final String RELAY = "license-relay";

    private static final String SELF = "relay";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern HEAD = Pattern.compile(
            "^(?<at>\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z) \\[(?<by>[0-9A-Fa-f:.]{2,45}|" + SELF + ")] ");

    /** The stored line of a message. Control characters, including line ends, are made visible. */
    public static String line(Instant received, InetAddress sender, String message) {
        String visible = message.replace("\uFEFF", "").replace("\r\n", "\\n").replace("\n", "\\n");
        String address = sender.getHostAddress().replaceFirst("%.*", "");
        return STAMP.format(received) + " [" + address + "] " + SafeText.of(visible);
    }

    /** A notice about messages that were not stored. */
    public static String notice(Instant at, String text) {
        return STAMP.format(at) + " [" + SELF + "] " + SafeText.of(text);
    }

    /** The receive time of a line; empty if it is not a sender's line. */
    public static Optional<Instant> received(String line) {
        Matcher match = HEAD.matcher(line);
        return match.lookingAt() && !SELF.equals(match.group("by")) ? instant(match) : Optional.empty();
    }

    /** The text of a notice of the relay. */
    public static Optional<String> notice(String line) {
        Matcher match = HEAD.matcher(line);
        return match.lookingAt() && SELF.equals(match.group("by"))
                ? Optional.of(line.substring(match.end()))
                : Optional.empty();
    }

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        return match.lookingAt() ? instant(match).map(at -> header(at, match, line)) : Optional.empty();
    }

    private static LineHeader header(Instant received, Matcher match, String line) {
        ZonedDateTime at = received.atZone(ZoneOffset.UTC);
        RawStamp own = new RawStamp(
                at.getYear(), at.getMonthValue(), at.getDayOfMonth(), at.toLocalTime(), "Z", Duration.ofMillis(1));
        if (SELF.equals(match.group("by"))) {
            return new LineHeader(own, null, RELAY, null, null, received);
        }
        return LogFormat.ofMessage(line.substring(match.end()))
                .filter(message -> message.stamp() != null)
                .map(message -> message.receivedAt(received))
                .orElseGet(() -> new LineHeader(own, null, null, null, null, received));
    }

    private static Optional<Instant> instant(Matcher match) {
        try {
            return Optional.of(Instant.parse(match.group("at")));
        } catch (DateTimeParseException noSuchTime) {
            return Optional.empty();
        }
    }
}
