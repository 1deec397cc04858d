package io.licenserelay.cli.output;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe, as names come from outside. */
public final class CsvWriter {
    private CsvWriter() {}

    public static void write(List<? extends @Nullable Object> fields, PrintWriter out) {
        out.print(fields.stream().map(CsvWriter::field).collect(Collectors.joining(",")));
        out.print("\r\n");
    }

    static String field(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        String safe = !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
