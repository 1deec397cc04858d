package io.licenserelay.reports.format;

import io.licenserelay.reports.Udi;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A device's own report states: the output of {@code show license rum id all} or {@code show license status} of IOS-XE.
 * One file may contain the output of several commands.
 *
 * @param udi the device; null unless the output names it, as {@code show license udi} does
 * @param states the state of each report number: OPEN, CLOSED, UNACK or ACK
 * @param lastAck when the device received the last acknowledgement
 * @param nextDeadline the deadline for the next acknowledgement
 * @param policy the policy in use
 */
public record DeviceStatus(
        @Nullable Udi udi,
        Map<String, String> states,
        @Nullable Time lastAck,
        @Nullable Time nextDeadline,
        @Nullable DevicePolicy policy) {
    private static final Pattern TABLE_HEADER = Pattern.compile("(?m)^[ \\t]*Report Id,[ \\t]+State,");
    private static final Pattern ROW = Pattern.compile("(?m)^[ \\t]*(\\d{1,20})[ \\t]+(OPEN|CLOSED|UNACK|ACK)\\b");
    private static final Pattern LAST_ACK =
            Pattern.compile("(?m)^[ \\t]*Last ACK received:[ \\t]*(\\S.{0,60}?)[ \\t\\r]*$");
    private static final Pattern DEADLINE =
            Pattern.compile("(?m)^[ \\t]*Next ACK deadline:[ \\t]*(\\S.{0,60}?)[ \\t\\r]*$");
    private static final int MAX_ROWS = 100_000;

    static boolean isStatus(String text) {
        return TABLE_HEADER.matcher(text).find() || LAST_ACK.matcher(text).find();
    }

    static DeviceStatus read(String text) {
        Map<String, String> states = new LinkedHashMap<>();
        if (TABLE_HEADER.matcher(text).find()) {
            ROW.matcher(text).results().limit(MAX_ROWS).forEach(row -> states.put(row.group(1), row.group(2)));
        }
        return new DeviceStatus(
                AckFile.udiIn(text), states, Time.in(text, LAST_ACK), Time.in(text, DEADLINE), DevicePolicy.in(text));
    }

    /**
     * A time as the device prints it.
     *
     * @param at the earliest possible instant: a device prints a zone abbreviation that several zones share, or no zone
     * @param exact whether {@code at} is the exact time
     */
    public record Time(String printed, Instant at, boolean exact) {
        private static final Pattern PARTS =
                Pattern.compile("(\\w{3} +\\d{1,2} \\d\\d:\\d\\d:\\d\\d \\d{4})(?: (\\S+))?");
        private static final DateTimeFormatter STAMP = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("MMM d HH:mm:ss yyyy")
                .toFormatter(Locale.ENGLISH);
        private static final Duration MAX_ZONE_OFFSET = Duration.ofHours(14);

        /** Parses the time in the line; null if the line or a valid time is missing. */
        static @Nullable Time in(String text, Pattern line) {
            Matcher matcher = line.matcher(text);
            Matcher parts = PARTS.matcher(matcher.find() ? matcher.group(1) : "");
            if (!parts.matches()) {
                return null;
            }
            try {
                Instant at = LocalDateTime.parse(parts.group(1).replaceAll(" +", " "), STAMP)
                        .toInstant(ZoneOffset.UTC);
                boolean exact = "UTC".equals(parts.group(2)) || "GMT".equals(parts.group(2));
                return new Time(parts.group(), exact ? at : at.minus(MAX_ZONE_OFFSET), exact);
            } catch (DateTimeException noDate) {
                return null;
            }
        }
    }
}
