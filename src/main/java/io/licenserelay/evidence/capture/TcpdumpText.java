package io.licenserelay.evidence.capture;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.capture.Capture.Clock;
import io.licenserelay.evidence.capture.Segment.Checksum;
import io.licenserelay.evidence.capture.Segment.Flags;
import io.licenserelay.evidence.process.BoundedLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the output of {@code tcpdump -nn}, with or without {@code -v} and {@code -tt}. Lines that are truncated, indented, or separated by
 * blank lines and fences of a mail are read as far as possible. The text does not show whether a port uses TLS.
 */
final class TcpdumpText {
    private static final long MAX_BYTES = 64L << 20;
    private static final int LONGEST_LINE = 2_000;
    private static final long DAY = 86_400_000_000L;

    private static final Pattern STAMP = Pattern.compile(
            "^(?:(?<date>\\d{4}-\\d{2}-\\d{2}) )?(?:(?<time>\\d{2}:\\d{2}:\\d{2}\\.\\d{1,9})|(?<epoch>\\d{9,10}\\.\\d{1,9})) ");
    private static final Pattern IP_LENGTH = Pattern.compile("\\bIP6? .*?(?:payload )?length:? (\\d+)\\)");

    /** The last dot separates the address from the port. */
    private static final Pattern ENDPOINTS = Pattern.compile(
            "(?<from>[0-9a-fA-F:.]{3,45})\\.(?<fromPort>\\d{1,5}) > (?<to>[0-9a-fA-F:.]{3,45})\\.(?<toPort>\\d{1,5}): Flags \\[(?<flags>[A-Z.]*)]");

    private static final Pattern SEQUENCE = Pattern.compile(", seq (\\d+)(?::(\\d+))?");
    private static final Pattern INCORRECT = Pattern.compile("cksum 0x[0-9a-f]+ \\((incorrect|correct)");
    private static final Pattern LENGTH = Pattern.compile(", length (\\d+)");

    private final CapturedConnections connections;
    private Clock clock = Clock.OF_DAY;
    private @Nullable Long stamp;
    private @Nullable Long newest;
    private long midnights;
    private boolean truncated;

    TcpdumpText(Deadline deadline) {
        this.connections = new CapturedConnections(false, deadline);
    }

    Capture read(InputStream in) throws IOException {
        BoundedInputStream bounded = BoundedInputStream.builder()
                .setInputStream(in)
                .setMaxCount(MAX_BYTES)
                .get();
        BufferedReader lines = new BufferedReader(new InputStreamReader(bounded, StandardCharsets.ISO_8859_1));
        String line = BoundedLines.next(lines, LONGEST_LINE);
        while (line != null && read(line)) {
            line = BoundedLines.next(lines, LONGEST_LINE);
        }
        if (bounded.getCount() >= MAX_BYTES) {
            connections.note("only the first " + (MAX_BYTES >> 20) + " MiB were read");
        }
        if (truncated) {
            connections.note("some lines are truncated");
        }
        Capture capture = connections.capture(Capture.TEXT, clock);
        if (capture.packets() == 0) {
            throw new BadCapture("it contains no TCP packet: it is neither a pcap file nor the text of tcpdump -nn");
        }
        return capture;
    }

    private boolean read(String line) {
        String text = line.strip();
        Matcher head = STAMP.matcher(text);
        if (head.find()) {
            stamp = stamp(head);
        }
        Matcher endpoints = ENDPOINTS.matcher(text);
        if (!endpoints.find()) {
            // With -v a packet has two lines, so only a head line without a second line is not a TCP packet.
            return head.reset().find() && !IP_LENGTH.matcher(text).find() ? connections.countOther() : true;
        }
        try {
            boolean more = connections.add(segment(text, endpoints));
            stamp = null;
            return more;
        } catch (NumberFormatException invalid) {
            return connections.countOther();
        }
    }

    private Segment segment(String text, Matcher endpoints) {
        String flags = endpoints.group("flags");
        String rest = text.substring(endpoints.end());
        Matcher sequence = SEQUENCE.matcher(rest);
        boolean hasSequence = sequence.find();
        Matcher length = LENGTH.matcher(rest);
        boolean hasLength = length.find();
        truncated |= !hasLength;
        int data = hasLength ? Integer.parseInt(length.group(1)) : 0;
        if (!hasLength && hasSequence && sequence.group(2) != null) {
            data = (int) (Long.parseLong(sequence.group(2)) - Long.parseLong(sequence.group(1)) & 0xffff_ffffL);
        }
        Matcher checksum = INCORRECT.matcher(rest);
        return new Segment(
                stamp,
                new Endpoint(endpoints.group("from"), Integer.parseInt(endpoints.group("fromPort"))),
                new Endpoint(endpoints.group("to"), Integer.parseInt(endpoints.group("toPort"))),
                new Flags(flags.contains("S"), flags.contains("."), flags.contains("F"), flags.contains("R")),
                hasSequence ? Long.valueOf(sequence.group(1)) : null,
                Math.max(0, data),
                new byte[0],
                !checksum.find()
                        ? Checksum.NOT_PRINTED
                        : checksum.group(1).equals("correct") ? Checksum.CORRECT : Checksum.INCORRECT);
    }

    private @Nullable Long stamp(Matcher head) {
        try {
            if (head.group("epoch") != null) {
                clock = Clock.INSTANT;
                return micros(head.group("epoch"));
            }
            LocalTime time = LocalTime.parse(head.group("time"));
            if (head.group("date") != null) {
                clock = Clock.LOCAL;
                LocalDateTime local = LocalDateTime.parse(head.group("date") + "T" + time);
                return local.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + local.get(ChronoField.MICRO_OF_SECOND);
            }
            return microsSinceFirstMidnight(time.toNanoOfDay() / 1_000);
        } catch (DateTimeException noSuchTime) {
            return null;
        }
    }

    /** A time of day that decreases by more than half a day is on the next day. */
    private long microsSinceFirstMidnight(long micros) {
        long at = midnights * DAY + micros;
        if (newest != null && newest - at > DAY / 2) {
            midnights++;
            at += DAY;
        }
        newest = at;
        return at;
    }

    private static long micros(String epoch) {
        int point = epoch.indexOf('.');
        String fraction = (epoch.substring(point + 1) + "000000").substring(0, 6);
        return Long.parseLong(epoch.substring(0, point)) * 1_000_000 + Long.parseLong(fraction);
    }
}
