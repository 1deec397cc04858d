package io.licenserelay.redact.match;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Detects whether the text before a position on its line is only a prefix of log writers and command prompts: time, level, thread, logger,
 * host, process, {@code Router(config)#}.
 */
public final class LogPrefix {
    private static final int LONGEST = 200;
    private static final Pattern LEVEL = Pattern.compile("(?i)trace|debug|info|information|notice|warn|warning|err"
            + "|error|severe|fatal|crit|critical|alert|emerg|fine|finer|finest|verbose|stdout|stderr");
    /** The host name follows the time. */
    private static final Pattern TIME = Pattern.compile("[^=]{0,32}\\d:\\d\\d[^=]{0,24}(?<!:)");

    private static final Pattern DATE =
            Pattern.compile("(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
                    + "|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|[ap]m|[A-Z]{2,4}T|UTC|Z");
    /** Words that may precede any configuration line. */
    private static final Set<String> NEGATIONS = Set.of("no", "do", "default");

    private LogPrefix() {}

    /** Whether only a prefix is between the start of the line and the position. */
    public static boolean isLineStart(String text, int position) {
        if (position == 0 || "\n`#>\0".indexOf(text.charAt(position - 1)) >= 0) {
            return true;
        }
        int line = position;
        while (line > 0 && text.charAt(line - 1) != '\n' && !isOpeningQuote(text, line - 1)) {
            if (position - --line > LONGEST) {
                return false;
            }
        }
        return isPrefix(text, line, position) || text.startsWith("command:", position - 8);
    }

    /** A line may be the value of a name, or may be quoted. */
    private static boolean isOpeningQuote(String text, int at) {
        return text.charAt(at) == '"' && (at == 0 || " \t\n:,=([{".indexOf(text.charAt(at - 1)) >= 0);
    }

    private static boolean isPrefix(String text, int from, int to) {
        int open = 0;
        boolean afterTime = false;
        for (int at = from; at < to; ) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            int opened = open;
            while (end < to && !Character.isWhitespace(text.charAt(end))) {
                char c = text.charAt(end++);
                open += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 && open > 0 ? -1 : 0;
            }
            String word = text.substring(at, end);
            boolean number = word.chars().anyMatch(Character::isDigit);
            if (opened == 0 && open == 0 && !afterTime && !isPart(word, number)) {
                return false;
            }
            afterTime = TIME.matcher(word).matches();
            at = end;
        }
        return open == 0;
    }

    private static boolean isPart(String word, boolean number) {
        if (word.indexOf('=') >= 0 && word.length() > 1) {
            return false;
        }
        char last = word.charAt(word.length() - 1);
        return number
                || word.chars().noneMatch(Character::isLetter)
                || ":>#$|])".indexOf(last) >= 0
                || word.indexOf('.') > 0 && last != '.'
                || LEVEL.matcher(word).matches()
                || DATE.matcher(word).matches()
                || NEGATIONS.contains(word);
    }
}
