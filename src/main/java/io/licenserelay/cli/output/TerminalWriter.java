package io.licenserelay.cli.output;

import java.io.PrintWriter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes text for people: knows the line width, and colours each text that begins with a sign, if colours are on. Only
 * {@link #println(String)} colours, so other output, for example JSON, never contains escape sequences.
 */
public final class TerminalWriter extends PrintWriter {
    private static final String RESET = "\u001b[0m";
    private static final Map<String, String> COLORS =
            Map.of("✓", "\u001b[32m", "✗", "\u001b[31m", "!", "\u001b[33m", "–", "\u001b[90m");
    /** A sign at the start of a line or after the time of an event. */
    private static final Pattern SIGNED = Pattern.compile("(?:\\d{4}-\\d\\d-\\d\\dT\\S+ )?([✓✗!–]) .*", Pattern.DOTALL);

    private final int width;
    private final boolean colored;

    private TerminalWriter(PrintWriter out, int width, boolean colored) {
        super(out);
        this.width = width;
        this.colored = colored;
    }

    /** A writer without colours. */
    public static TerminalWriter plain(PrintWriter out, int width) {
        return new TerminalWriter(out, width, false);
    }

    /** A writer with colours, and with the line width of {@code out}. */
    public static TerminalWriter colored(PrintWriter out) {
        return new TerminalWriter(out, widthOf(out), true);
    }

    /** The line width for text on this writer. */
    static int widthOf(PrintWriter out) {
        return out instanceof TerminalWriter terminal ? terminal.width : Terminal.DEFAULT_WIDTH;
    }

    /** Prints a text of one or more lines. If it begins with a sign, all of its lines get the colour of the sign. */
    @Override
    public void println(String text) {
        super.println(colored ? paint(text) : text);
    }

    private static String paint(String text) {
        Matcher signed = SIGNED.matcher(text);
        if (!signed.matches()) {
            return text;
        }
        String color = COLORS.get(signed.group(1));
        return color + text.replace(System.lineSeparator(), RESET + System.lineSeparator() + color) + RESET;
    }
}
