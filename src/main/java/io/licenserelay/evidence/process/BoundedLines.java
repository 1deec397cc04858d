package io.licenserelay.evidence.process;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines of a text that others wrote: one without end does not fill the memory. */
public final class BoundedLines {
    private BoundedLines() {}

    /**
     * The next line without its end.
     *
     * @param in buffered
     * @param most characters of it; the rest of the line is dropped
     * @return null at the end
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
