package io.licenserelay.evidence.logs.line;

import java.util.regex.Pattern;

/** Lines of strangers, made fit for a terminal, a web page and JSON. */
public final class SafeText {
    /** Colours and other orders to a terminal (ECMA-48): sequences of CSI, of OSC, and of two characters. */
    private static final Pattern TERMINAL_ORDER =
            Pattern.compile("\u001B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?|[@-Z\\\\^_])");

    /** Control characters, marks that turn the reading direction, and what could not be decoded. */
    private static final Pattern UNREADABLE =
            Pattern.compile("[\\p{Cc}\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFD]+");

    private SafeText() {}

    /** Terminal orders vanish, tabs become blanks, each run of other unreadable characters becomes one U+FFFD. */
    public static String of(String line) {
        return isPlain(line) ? line : cleaned(line);
    }

    /** Nearly every line is, and searching for what it has not would cost most of reading it. */
    private static boolean isPlain(String line) {
        for (int i = 0; i < line.length(); i++) {
            char each = line.charAt(i);
            if (each < ' ' || each > '~') {
                return false;
            }
        }
        return true;
    }

    private static String cleaned(String line) {
        String plain = TERMINAL_ORDER.matcher(line).replaceAll("").replace('\t', ' ');
        return UNREADABLE.matcher(plain).replaceAll("\uFFFD");
    }
}
