package io.licenserelay.cli.output;

import io.licenserelay.sync.run.SyncResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints the results of runs as a table, and their incidents below it. */
public final class SyncTable {
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

    private SyncTable() {}

    public static void print(List<SyncResult> results, PrintWriter out) {
        Table.print(HEADS, results.stream().map(SyncTable::row).toList(), 2, out);
        results.stream()
                .flatMap(result -> result.incidents().stream())
                .distinct()
                .forEach(incident -> out.println("! " + incident.summary()));
        out.flush();
    }

    private static List<String> row(SyncResult result) {
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
}
