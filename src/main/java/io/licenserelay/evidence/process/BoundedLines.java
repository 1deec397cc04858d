package io.licenserelay.evidence.process;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads lines of limited length from a text of another program, so that an endless line does not fill the memory. */
public final class BoundedLines {
    private BoundedLines() {}

    /**
     * Reads the next line without its line end.
     *
     * @param in buffered
     * @param most maximum number of characters; the rest of the line is dropped
     * @return null at the end of the text
     */
    public static @Nullable String next(Reader in, int most) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = in.read(); each >= 0; each = in.read()) {
            if (each == '\n') {
                return line.toString();
            }
            if (line.length() < most) {
                line.append((char) each);
            }
        }
        return line.isEmpty() ? null : line.toString();
    }
}
