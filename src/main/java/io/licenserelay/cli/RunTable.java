package io.licenserelay.cli;

import io.licenserelay.sync.RunResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What runs brought, as a table for people. */
public final class RunTable {
    private static final List<String> HEADS = List.of(
            "PLACE",
            "OUTCOME",
            "VAs",
            "LICENSES",
            "OUT OF COMPLIANCE",
            "DEVICES",
            "ALERTS",
            "NEW",
            "CHANGED",
            "GONE",
            "SECONDS");

    private RunTable() {}

    public static void print(List<RunResult> results, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADS);
        results.forEach(result -> rows.add(row(result)));
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(pad(row.get(column), width(rows, column), column < 2))
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
        results.stream()
                .flatMap(result -> result.incidents().stream())
                .distinct()
                .forEach(incident -> out.println("! " + incident.summary()));
        out.flush();
    }

    private static List<String> row(RunResult result) {
        return List.of(
                result.account() == null ? result.site() : result.site() + "/" + result.account(),
                result.outcome(),
                number(result.virtualAccounts()),
                number(result.licenses()),
                number(result.outOfCompliance()),
                number(result.devices()),
                number(result.alerts()),
                number(result.changes().added()),
                number(result.changes().changed()),
                number(result.changes().gone()),
                String.format(Locale.ROOT, "%.1f", result.seconds()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String pad(String text, int width, boolean left) {
        String blanks = " ".repeat(width - text.length());
        return left ? text + blanks : blanks + text;
    }
}
