package io.licenserelay.cli;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.store.Database;
import io.licenserelay.view.calendar.CalendarEntry;
import io.licenserelay.view.calendar.CalendarFilter;
import io.licenserelay.view.calendar.DeadlineCalendar;
import io.licenserelay.view.calendar.ICalendar;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calendar}: what ends or is due. */
@Command(
        name = "calendar",
        description = {
            "Lists what ends or is due, earliest first: certificates, API clients, licenses, acknowledgements of reports.",
            "Reads the data folder, also while a relay runs on it, or the database of relay.store."
        },
        exitCodeList = {"0:listed", "2:no state, or bad configuration or options"})
final class CalendarCommand extends RelayCommand {
    private static final List<String> HEADS = List.of("WHEN", "PLACE", "KIND", "WHAT", "SOURCE");

    @Option(names = "--site", paramLabel = "SITE", description = "This site only (default: all).")
    private @Nullable String site;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "" + CalendarFilter.STANDARD_DAYS,
            description = "How many days ahead, 1 to " + CalendarFilter.MOST_DAYS + " (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--ics",
            description = "Print an iCalendar file (RFC 5545) for calendar programs, and nothing else.")
    private boolean ics;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        if (days < 1 || days > CalendarFilter.MOST_DAYS) {
            throw CommandErrors.usage("--days must be 1 to " + CalendarFilter.MOST_DAYS + ", not " + days + ".");
        }
        if (ics && output.isJson()) {
            throw CommandErrors.usage("--json and --ics cannot be combined.");
        }
        // Secrets and trust files need not exist: nothing connects to a server.
        Configuration configuration = folders.draft();
        List<String> sites = configuration.sites().stream().map(Site::name).toList();
        if (site != null && !sites.contains(site)) {
            throw CommandErrors.usage(
                    "No site \"" + site + "\"; the configuration has: " + String.join(", ", sites) + ".");
        }
        Clock clock = Clock.systemUTC();
        try (Database database = folders.state()) {
            List<CalendarEntry> entries = new DeadlineCalendar(database, configuration::sites, clock)
                    .list(new CalendarFilter(site, null, days));
            if (ics) {
                out().print(ICalendar.of(entries, clock.instant()));
                out().flush();
            } else {
                output.print(
                        () -> Map.of("items", entries),
                        out -> Table.print(
                                HEADS,
                                entries.stream().map(CalendarCommand::row).toList(),
                                HEADS.size(),
                                out));
            }
        }
        return 0;
    }

    private static List<String> row(CalendarEntry entry) {
        return List.of(Table.time(entry.at()), entry.place(), entry.kind().wireName(), entry.what(), entry.source());
    }
}
