package io.licenserelay.cli.output;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Prints aligned columns. Names come from outside, so control characters are replaced before they reach the terminal. */
public final class Table {
    private Table() {}

    /**
     * Prints the rows below their column heads.
     *
     * @param left the number of leading columns that are left-aligned text; the others are right-aligned numbers
     */
    public static void print(List<String> heads, List<List<String>> body, int left, PrintWriter out) {
        List<List<String>> rows = Stream.concat(Stream.of(heads), body.stream())
                .map(row -> row.stream().map(Table::plain).toList())
                .toList();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(pad(row.get(column), width(rows, column), column < left))
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** The time, truncated to seconds. */
    public static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code once}, {@code 3 times}. */
    public static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }

    public static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String pad(String text, int width, boolean left) {
        String blanks = " ".repeat(width - text.length());
        return left ? text + blanks : blanks + text;
    }
}
