package io.licenserelay.evidence.logs.line;

import java.util.regex.Pattern;

/** Makes text from outside safe for a terminal, a web page and JSON. */
public final class SafeText {
    /** Terminal control sequences (ECMA-48): CSI, OSC, and two-character sequences. */
    private static final Pattern TERMINAL_SEQUENCE =
            Pattern.compile("\u001B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?|[@-Z\\\\^_])");

    /** Control characters, marks that change the reading direction, and characters that could not be decoded. */
    private static final Pattern UNREADABLE =
            Pattern.compile("[\\p{Cc}\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFD]+");

    private SafeText() {}

    /** Removes terminal sequences, replaces tabs by blanks, and replaces each run of other unreadable characters by one U+FFFD. */
    public static String of(String line) {
        return isPlain(line) ? line : cleaned(line);
    }

    /** Nearly every line is plain, and replacing would take most of the reading time. */
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
        String plain = TERMINAL_SEQUENCE.matcher(line).replaceAll("").replace('\t', ' ');
        return UNREADABLE.matcher(plain).replaceAll("\uFFFD");
    }
}
