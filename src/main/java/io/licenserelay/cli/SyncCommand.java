package io.licenserelay.cli;

import io.licenserelay.app.Relay;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.OwnerAccess;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.SyncProgress;
import io.licenserelay.cli.output.SyncTable;
import io.licenserelay.config.Configuration;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Plural;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sync}: runs one sync now. */
@Command(
        name = "sync",
        description = {
            "Syncs now, without the schedule's jitter, and prints the results.",
            "If a relay runs on the same data folder, the command requests the sync from that relay."
                    + " In a cluster, the relay that owns a site runs its sync, on whatever machine."
        },
        exitCodeList = {"0:all runs are complete", "1:all runs failed", "2:partly done, or bad configuration or options"
        })
final class SyncCommand extends RelayCommand {
    private static final Duration DRAIN = Duration.ofSeconds(15);

    @Option(names = "--site", paramLabel = "NAME", description = "This site only (default: all).")
    private @Nullable String site;

    @Mixin
    private CommandOutput output;

    @Mixin
    private ColorOption color;

    @Option(
            names = "--accept",
            description = "Apply answers that contain far fewer licenses than before, this time (see LIC4008).")
    private boolean accept;

    /** The sites whose missing result is explained. */
    private final Set<String> explained = new HashSet<>();

    @Override
    public Integer call() throws Exception {
        Configuration configuration = folders.configuration();
        List<SyncResult> results = results(configuration);
        output.print(() -> Map.of("runs", results), color.colored(out -> SyncTable.print(results, out)));
        results.stream()
                .filter(result -> result.brokeOff() && !explained.contains(result.site()))
                .forEach(this::printUnfinished);
        return exitCode(results);
    }

    private List<SyncResult> results(Configuration configuration) throws Exception {
        if (site != null) {
            new Sites(configuration.sites()).named(site);
        }
        Rules.in(configuration.folder());
        RouteFiles routes = folders.routes();
        return OwnerAccess.act(
                folders,
                configuration,
                relays -> relays.sync(site, accept, new Progress()),
                relay -> syncInThisProcess(relay, routes));
    }

    private List<SyncResult> syncInThisProcess(Relay relay, RouteFiles routes) throws Exception {
        relay.start(routes, false);
        try (SyncProgress progress = SyncProgress.of(relay.runs(), relay.sites(), err(), !output.isJson())) {
            List<SyncResult> results = relay.asSyncs().sync(site, accept, new Progress());
            progress.close();
            printUnsent(relay.drain(DRAIN));
            return results;
        }
    }

    /** Prints on standard error which relay runs a site, and why a result is missing. */
    private final class Progress implements RequestListener {
        @Override
        public void taken(String taken, String node) {
            err().println(taken + ": relay " + node + " runs the sync");
            err().flush();
        }

        @Override
        public void problem(String failed, String problem) {
            explained.add(failed);
            err().println(failed + ": " + problem);
            err().flush();
        }
    }

    private void printUnfinished(SyncResult result) {
        err().println(result.site() + ": the sync was not finished; the relay's log names the route that failed.");
    }

    private void printUnsent(long events) {
        if (events > 0) {
            err().println(Plural.of(events, "event waits", "events wait") + " in " + folders.data
                    + " for Kafka; the next sync or run sends them.");
        }
    }

    static int exitCode(List<SyncResult> results) {
        boolean allComplete =
                results.stream().allMatch(result -> result.outcome().equals("complete"));
        boolean allFailed = results.stream().allMatch(result -> result.outcome().equals("failed"));
        return allComplete ? 0 : allFailed ? 1 : 2;
    }
}
