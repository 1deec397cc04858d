package io.licenserelay.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.copy.CopiedTable;
import io.licenserelay.store.copy.CopyRefused;
import io.licenserelay.store.copy.StateCopy;
import io.licenserelay.store.postgres.CopyTarget;
import io.licenserelay.text.Json;
import io.licenserelay.text.Plural;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cluster copy}: from the SQLite database of a data folder to the PostgreSQL database of the configuration. */
@Command(
        name = "copy",
        description = {
            "Copies the state of one relay from SQLite in the data folder to the empty PostgreSQL database of relay.store,"
                    + " and compares each table. No relay may run on either side.",
            "The data folder stays as it is. A copy that fails or is interrupted leaves the target empty: run it again."
        },
        exitCodeList = {
            "0:all tables were copied and are equal",
            "1:nothing was copied: a relay runs, the target has a state, a table differs, or a database cannot be used",
            "2:bad configuration or options, or no state to copy"
        })
final class ClusterCopyCommand extends RelayCommand {
    private static final List<String> HEADS = List.of("TABLE", "SHA-256 OF ITS ROWS", "ROWS");

    /** The digits in the table; {@code --json} has all. */
    private static final int DIGITS = 16;

    @Mixin
    private CommandOutput output;

    @Mixin
    private ColorOption color;

    @Override
    public Integer call() throws Exception {
        StoreSettings store = Configuration.cluster(folders.config, Map.copyOf(System.getenv()))
                .store();
        if (store == null) {
            throw CommandErrors.usage("There is no target: add relay.store to " + folders.config.resolve("relay.yaml")
                    + " (see docs/cluster.md), and copy again.");
        }
        if (!Files.isDirectory(folders.data)) {
            throw CommandErrors.usage("No relay state in " + folders.data + "; see --data.");
        }
        long start = System.nanoTime();
        List<CopiedTable> tables = copy(store);
        double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1000.0;
        String target = "PostgreSQL at " + store.place();
        output.print(() -> json(target, tables, seconds), color.colored(out -> print(target, tables, out)));
        return tables.stream().allMatch(CopiedTable::isEqual) ? 0 : CommandErrors.FAILED;
    }

    private List<CopiedTable> copy(StoreSettings store) throws Exception {
        try (DataFolder data = DataFolder.take(folders.data).orElseThrow(this::running);
                Database source = Database.reading(data.path()).orElseThrow(this::nothing);
                CopyTarget target = CopyTarget.open(store.url(), store::connection)) {
            return new StateCopy(source, target).run(ClusterView::keepNodesAway);
        } catch (CopyRefused e) {
            throw CommandErrors.failure(e.getMessage() + " Nothing was copied.");
        }
    }

    private CommandErrors.Refusal running() {
        return CommandErrors.failure("A relay or a command uses the data folder " + folders.data
                + ". Stop it, and copy again. Nothing was copied.");
    }

    private CommandErrors.Refusal nothing() {
        return CommandErrors.usage("No relay state in " + folders.data + "; see --data.");
    }

    private static long rows(List<CopiedTable> tables) {
        return tables.stream().mapToLong(each -> each.source().rows()).sum();
    }

    private ObjectNode json(String target, List<CopiedTable> tables, double seconds) {
        ObjectNode json = Json.object()
                .put("source", folders.data.toString())
                .put("target", target)
                .put("copied", tables.stream().allMatch(CopiedTable::isEqual))
                .put("rows", rows(tables))
                .put("seconds", seconds);
        ArrayNode all = json.putArray("tables");
        for (CopiedTable each : tables) {
            ObjectNode table = all.addObject().put("name", each.name()).put("equal", each.isEqual());
            table.set("source", json(each.source()));
            table.set("target", json(each.target()));
        }
        return json;
    }

    private static ObjectNode json(CopiedTable.Content content) {
        return Json.object().put("rows", content.rows()).put("digest", content.digest());
    }

    private void print(String target, List<CopiedTable> tables, PrintWriter out) {
        Table.print(
                HEADS,
                tables.stream()
                        .map(each -> List.of(
                                each.name(),
                                digest(each.source()),
                                count(each.source().rows())))
                        .toList(),
                2,
                out);
        List<CopiedTable> different =
                tables.stream().filter(each -> !each.isEqual()).toList();
        if (different.isEmpty()) {
            out.println(Mark.OK.sign() + " " + count(rows(tables)) + " rows of " + Plural.of(tables.size(), "table")
                    + " are equal in " + target);
            out.println(
                    Mark.WARNING.sign() + " " + folders.data.resolve("relay.db")
                            + " stays as it is. Start no relay with it any more: it would send the same events and reports again.");
        }
        for (CopiedTable each : different) {
            out.println(Mark.ERROR.sign() + " " + each.name() + " differs in " + target + ": "
                    + count(each.target().rows()) + " rows" + ", " + digest(each.target()));
        }
        if (!different.isEmpty()) {
            out.println(Mark.ERROR.sign() + " nothing was copied: the target is empty");
        }
    }

    private static String digest(CopiedTable.Content content) {
        return content.digest().substring(0, DIGITS);
    }

    private static String count(long rows) {
        return String.format(Locale.ROOT, "%,d", rows);
    }
}
