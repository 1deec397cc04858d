package io.licenserelay.simulator.manager;

import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * The simulated Manager's {@code vmanage-server.log}. The start of each line has the format of 2023,
 * {@code 13-Jan-2023 17:29:03,490 IST ERROR [um8_vManage] [RestAPIClient] (default task-24) |default| …}; the message
 * text is invented, because no complete line of these classes is public. Safe for use by many threads.
 */
final class SimulatedManagerLog {
    private static final int MAX_LINES = 50_000;
    private static final String HOST = "um8_vManage";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss,SSS", Locale.ENGLISH);

    private final Deque<String> lines = new ArrayDeque<>();
    private final Clock clock;
    private final ZoneId zone;
    private final String abbreviation;

    SimulatedManagerLog(Clock clock, ZoneId zone, String abbreviation) {
        this.clock = clock;
        this.zone = zone;
        this.abbreviation = abbreviation;
    }

    void info(String program, long task, String text) {
        line("INFO", program, task, text);
    }

    void error(String program, long task, String text) {
        line("ERROR", program, task, text);
    }

    /** Writes the line unchanged, for example a line of a stack trace. */
    synchronized void raw(String line) {
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    /** Returns the newest lines, oldest first. */
    synchronized List<String> last(int count) {
        List<String> all = new ArrayList<>(lines);
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    private void line(String level, String program, long task, String text) {
        String stamp = STAMP.format(clock.instant().atZone(zone)) + " " + abbreviation;
        raw(stamp + " " + level + " [" + HOST + "] [" + program + "] (default task-" + task + ") |default| " + text);
    }
}
