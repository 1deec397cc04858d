package io.licenserelay.redact.text;

import java.util.Map;

/**
 * The possible readings of the characters at one position: literally, or as one character in an escape of JSON, Java, Ruby, URL, XML, shell
 * or SQL, with one or several layers. Reused for each position; not thread-safe.
 */
public final class EscapeDecoder {
    private static final int MAX = 24;
    private static final int LONGEST_RUN = 16;
    private static final Map<String, Integer> ENTITIES =
            Map.of("quot;", (int) '"', "apos;", (int) '\'', "lt;", (int) '<', "gt;", (int) '>', "amp;", (int) '&');

    private final int depth;
    private final int[] symbols = new int[MAX];
    private final int[] ends = new int[MAX];
    private int count;

    /** @param depth the number of layers of one kind of escape that are decoded */
    public EscapeDecoder(int depth) {
        this.depth = depth;
    }

    public int count() {
        return count;
    }

    public int symbol(int reading) {
        return symbols[reading];
    }

    public int end(int reading) {
        return ends[reading];
    }

    /** Finds the readings. The first is always the literal one. */
    public void read(String text, int at) {
        count = 0;
        int plain = text.codePointAt(at);
        add(plain, at + Character.charCount(plain));
        switch (plain) {
            case '\\' -> backslash(text, at);
            case '%' -> percent(text, at);
            case '&' -> entity(text, at);
            case '+' -> add(' ', at + 1);
            case ' ' -> add('+', at + 1);
            case '"', '\'' -> quote(text, at, plain);
            default -> {}
        }
    }

    private void add(int symbol, int end) {
        if (count < MAX) {
            symbols[count] = symbol;
            ends[count++] = end;
        }
    }

    private void backslash(String text, int at) {
        int run = 1;
        int most = depth == 1 ? 1 : LONGEST_RUN;
        while (run < most && at + run < text.length() && text.charAt(at + run) == '\\') {
            run++;
        }
        for (int length = 2; length <= run; length *= 2) {
            add('\\', at + length);
        }
        int escaped = at + run;
        if (escaped >= text.length()) {
            return;
        }
        String opener = text.substring(at, escaped);
        char kind = text.charAt(escaped);
        switch (kind) {
            case 'u' -> unicode(text, at, opener);
            case 'x' -> bytes(text, at, opener + "x", 2, 16);
            case '0', '1', '2', '3' -> bytes(text, at, opener, 3, 8);
            case 'n' -> add('\n', escaped + 1);
            case 'r' -> add('\r', escaped + 1);
            case 't' -> add('\t', escaped + 1);
            case 'b' -> add('\b', escaped + 1);
            case 'f' -> add('\f', escaped + 1);
            default -> {}
        }
        int itself = text.codePointAt(escaped);
        add(itself, escaped + Character.charCount(itself));
    }

    private void unicode(String text, int at, String opener) {
        int digits = at + opener.length() + 1;
        if (digits < text.length() && text.charAt(digits) == '{') {
            int close = near(text, '}', digits, 8);
            int symbol = close < 0 ? -1 : number(text, digits + 1, close, 16);
            if (Character.isValidCodePoint(symbol)) {
                add(symbol, close + 1);
            }
            return;
        }
        int unit = number(text, digits, digits + 4, 16);
        if (unit < 0) {
            return;
        }
        int next = digits + 4;
        int low = text.startsWith(opener + "u", next)
                ? number(text, next + opener.length() + 1, next + opener.length() + 5, 16)
                : -1;
        if (low >= 0 && Character.isSurrogatePair((char) unit, (char) low)) {
            add(Character.toCodePoint((char) unit, (char) low), next + opener.length() + 5);
        } else {
            add(unit, next);
        }
    }

    private void percent(String text, int at) {
        StringBuilder opener = new StringBuilder("%");
        for (int layer = 0; layer < depth && text.startsWith(opener.toString(), at); layer++) {
            bytes(text, at, opener.toString(), 2, 16);
            opener.append("25");
        }
    }

    /** One character as the bytes of its UTF-8 form, each after the opener, or as one byte of Latin-1. */
    private void bytes(String text, int at, String opener, int digits, int radix) {
        int width = opener.length() + digits;
        int first = octet(text, at, opener, digits, radix);
        if (first < 0) {
            return;
        }
        int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
        int symbol = more == 0 ? first : first & (0x3F >> more);
        for (int i = 1; i <= more; i++) {
            int next = octet(text, at + i * width, opener, digits, radix);
            symbol = next < 0 || (next & 0xC0) != 0x80 || symbol < 0 ? -1 : (symbol << 6) | (next & 0x3F);
        }
        if (more > 0 && Character.isValidCodePoint(symbol)) {
            add(symbol, at + (more + 1) * width);
        }
        // At depth one only complete characters count, because half a character is the result of a line limit.
        if (depth > 1 || first < 0x80) {
            add(first, at + width);
        }
    }

    private static int octet(String text, int at, String opener, int digits, int radix) {
        if (!text.startsWith(opener, at)) {
            return -1;
        }
        int value = number(text, at + opener.length(), at + opener.length() + digits, radix);
        return value > 0xFF ? -1 : value;
    }

    private void entity(String text, int at) {
        int name = at + 1;
        for (int layer = 0; layer < depth; layer++) {
            for (Map.Entry<String, Integer> entity : ENTITIES.entrySet()) {
                if (text.startsWith(entity.getKey(), name)) {
                    add(entity.getValue(), name + entity.getKey().length());
                }
            }
            numbered(text, name);
            if (!text.startsWith("amp;", name)) {
                return;
            }
            name += 4;
        }
    }

    private void numbered(String text, int name) {
        if (!text.startsWith("#", name)) {
            return;
        }
        boolean hex = text.startsWith("x", name + 1) || text.startsWith("X", name + 1);
        int digits = name + (hex ? 2 : 1);
        int close = near(text, ';', digits, 9);
        int symbol = close < 0 ? -1 : number(text, digits, close, hex ? 16 : 10);
        if (Character.isValidCodePoint(symbol)) {
            add(symbol, close + 1);
        }
    }

    /** A quote is doubled in YAML, SQL and CSV; a shell closes, escapes and reopens it. */
    private void quote(String text, int at, int quote) {
        if (depth == 1) {
            return;
        }
        if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
            add(quote, at + 2);
        }
        if (text.startsWith("'\\''", at) || text.startsWith("'\"'\"'", at)) {
            add('\'', at + (text.charAt(at + 1) == '\\' ? 4 : 5));
        }
    }

    private static int near(String text, char wanted, int from, int within) {
        for (int i = from; i < Math.min(text.length(), from + within); i++) {
            if (text.charAt(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** The number at [from, to), or -1. */
    private static int number(String text, int from, int to, int radix) {
        if (from >= to || to > text.length() || to - from > 8) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value > Integer.MAX_VALUE ? -1 : (int) value;
    }
}
