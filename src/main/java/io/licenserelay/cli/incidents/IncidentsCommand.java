package io.licenserelay.cli.incidents;

import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.incident.bundle.BundleReference;
import io.licenserelay.store.Database;
import io.licenserelay.view.incidents.IncidentEntry;
import io.licenserelay.view.incidents.IncidentList;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code incidents}: the open incidents, oldest first. */
@Command(
        name = "incidents",
        description = {
            "Lists the open incidents, oldest first: age, cause, who acts, and the next step.",
            "Reads the data folder, also while a relay runs on it, or the database of relay.store."
        },
        subcommands = IncidentsBundleCommand.class,
        exitCodeList = {"0:no incident is open", "1:incidents are open", "2:no state, or bad options"})
public final class IncidentsCommand extends RelayCommand {
    @Mixin
    private CommandOutput output;

    @Mixin
    private ColorOption color;

    @Override
    public Integer call() throws Exception {
        List<IncidentEntry> open;
        boolean shared;
        try (Database database = folders.state()) {
            shared = database.isShared();
            open = IncidentList.open(database);
        }
        Instant now = Clock.systemUTC().instant();
        output.print(() -> Map.of("incidents", open), color.colored(out -> {
            open.forEach(incident -> print(incident, shared, now, out));
            out.println(open.isEmpty() ? Mark.OK.sign() + " no incident is open" : open.size() + " open");
        }));
        return open.isEmpty() ? 0 : CommandErrors.FAILED;
    }

    private void print(IncidentEntry incident, boolean shared, Instant now, PrintWriter out) {
        String head = Mark.of(incident.severity()).sign() + " ";
        WrappedText.print(
                head,
                incident.place() + " " + incident.flow().wireName() + ": "
                        + incident.severity().wireName() + ", open for "
                        + age(Duration.between(incident.openedAt(), now)) + ", observed "
                        + Table.times(incident.occurrences()),
                out);
        WrappedText.print(
                "  cause  ", incident.title() + " (" + incident.code() + ", " + incident.confidence() + ")", out);
        WrappedText.print("  event  ", incident.summary(), out);
        WrappedText.print("  next   ", incident.next() + " (who acts: " + incident.owner() + ")", out);
        out.println("  more   license-relay explain " + Table.plain(incident.code()));
        Path bundle = new BundleReference.InFolder(folders.data.resolve("evidence")).file(incident.id());
        if (Files.isRegularFile(bundle)) {
            out.println("  bundle " + Table.plain(bundle.toString()));
        } else if (shared) {
            new BundleReference.InDatabase()
                    .command(incident.id())
                    .ifPresent(command -> out.println("  bundle " + command));
        }
        out.println();
    }

    /** The age in its two largest units: {@code 3 d 4 h}. */
    static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + " d " + age.toHoursPart() + " h";
        }
        return age.toHours() > 0
                ? age.toHours() + " h " + age.toMinutesPart() + " min"
                : age.toMinutes() + " min " + age.toSecondsPart() + " s";
    }
}
