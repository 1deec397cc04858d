package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;

/** Finds secrets after short options of known commands. Long options contain the name of their secret and need no table. */
public final class CommandLines implements RedactionRule {
    private static final int LONGEST_TOOL = 24;

    @Override
    public void find(String text, Consumer<Span> found) {
        for (int dash = nextDash(text, 0); dash >= 0; ) {
            int start = text.lastIndexOf('\n', dash) + 1;
            int newline = text.indexOf('\n', dash);
            int end = newline < 0 ? text.length() : newline;
            searchLine(text, start, end, found);
            dash = nextDash(text, end);
        }
    }

    /** The next dash that may begin an option. */
    private static int nextDash(String text, int from) {
        for (int dash = text.indexOf('-', Math.max(1, from)); dash >= 0; dash = text.indexOf('-', dash + 1)) {
            boolean first = " \t\"'".indexOf(text.charAt(dash - 1)) >= 0;
            if (first
                    && dash + 1 < text.length()
                    && (Character.isLetterOrDigit(text.charAt(dash + 1)) || text.charAt(dash + 1) == '-')) {
                return dash;
            }
        }
        return -1;
    }

    /** Searches once per line and tool: a line that contains a tool a thousand times must not be read a thousand times. */
    private static void searchLine(String text, int from, int to, Consumer<Span> found) {
        Set<String> tools = new HashSet<>();
        for (int at = from; at < to; ) {
            int end = at;
            while (end < to && isName(text.charAt(end))) {
                end++;
            }
            if (end > at && end - at <= LONGEST_TOOL && (at == from || text.charAt(at - 1) != '-')) {
                String tool = text.substring(at, end);
                int after = end;
                if (!ToolOptions.of(tool).isEmpty() && tools.add(tool)) {
                    ToolOptions.of(tool).forEach(option -> findOption(text, option, after, to, found));
                }
            }
            at = end + 1;
        }
    }

    private static void findOption(String text, ToolOptions.Option option, int from, int to, Consumer<Span> found) {
        Matcher matcher = option.pattern().matcher(text).region(from, to).useTransparentBounds(true);
        while (matcher.find()) {
            int value = matcher.end();
            boolean quoted = ValueBounds.isAt(text, value, '"') || ValueBounds.isAt(text, value, '\'');
            int start = quoted ? value + 1 : value;
            int end = quoted
                    ? ValueBounds.quotedEnd(text, start, text.charAt(value))
                    : ValueBounds.bareEnd(text, value, false);
            start = secretStart(text, option.part(), start, end);
            if (start < end && isArgument(text, start, end)) {
                found.accept(new Span(start, end, "command-line", null));
            }
        }
    }

    private static boolean isArgument(String text, int start, int end) {
        boolean option = text.charAt(start) == '-'
                && end - start <= LONGEST_TOOL
                && (end - start == 2 || ValueBounds.isAt(text, start + 1, '-'));
        return !option && !ValueBounds.isPlaceholder(text.substring(start, end));
    }

    /** The start of the secret within an argument; its end if there is none. */
    private static int secretStart(String text, ToolOptions.Part part, int start, int end) {
        int separator =
                switch (part) {
                    case ALL -> start - 1;
                    case AFTER_COLON -> text.substring(start, end).indexOf(':') + start;
                    case AFTER_LAST_COLON -> text.substring(start, end).lastIndexOf(':') + start;
                    case AFTER_PERCENT -> text.substring(start, end).indexOf('%') + start;
                };
        return part != ToolOptions.Part.ALL && separator < start ? end : separator + 1;
    }

    private static boolean isName(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0);
    }
}
