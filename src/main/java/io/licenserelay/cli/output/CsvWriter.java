package io.licenserelay.cli.output;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes CSV rows (RFC 4180). A field that a spreadsheet would read as a formula gets a leading apostrophe, because names come from outside. */
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
