package io.licenserelay.cli.incidents;

import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.incident.OpenIncident;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.store.Database;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code incidents}: what is not well right now, oldest first. */
@Command(
        name = "incidents",
        description = {
            "Lists the open incidents, oldest first: since when, why, who acts, and the next step.",
            "Reads what was told already; also beside a running relay."
        },
        exitCodeList = {"0:none is open", "1:some are open", "2:no state in the data folder, or bad options"})
public final class IncidentsCommand extends RelayCommand {
    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        List<OpenIncident> open;
        try (Database database = folders.state()) {
            open = OpenIncident.all(database);
        }
        Instant now = Clock.systemUTC().instant();
        output.print(
                () -> Map.of(
                        "incidents", open.stream().map(OpenIncident::toJson).toList()),
                out -> {
                    open.forEach(each -> print(each, now, out));
                    out.println(open.isEmpty() ? Mark.OK.sign() + " no incident is open" : open.size() + " open");
                });
        return open.isEmpty() ? 0 : CommandErrors.FAILED;
    }

    private static void print(OpenIncident each, Instant now, PrintWriter out) {
        Incident incident = each.incident();
        String head = Mark.of(incident.severity()).sign() + " ";
        WrappedText.print(
                head,
                incident.place() + " " + incident.flow().wireName() + ": "
                        + incident.severity().wireName() + ", open for "
                        + age(Duration.between(incident.openedAt(), now)) + ", seen "
                        + Table.times(incident.occurrences()),
                out);
        WrappedText.print("  cause  ", each.title() + " (" + incident.code() + ", " + each.confidence() + ")", out);
        WrappedText.print("  says   ", incident.summary(), out);
        WrappedText.print("  next   ", each.next() + " (who acts: " + each.owner() + ")", out);
        out.println("  more   license-relay explain " + Table.plain(incident.code()));
        out.println();
    }

    /** In its two largest units: {@code 3 d 4 h}. */
    static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + " d " + age.toHoursPart() + " h";
        }
        return age.toHours() > 0
                ? age.toHours() + " h " + age.toMinutesPart() + " min"
                : age.toMinutes() + " min " + age.toSecondsPart() + " s";
    }
}
