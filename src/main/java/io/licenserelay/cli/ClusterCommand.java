package io.licenserelay.cli;

import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.app.RelayVersion;
import io.licenserelay.app.member.StoredState;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.HostName;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.text.Plural;
import io.licenserelay.view.cluster.ClusterNodes;
import io.licenserelay.view.cluster.ClusterState;
import io.licenserelay.view.cluster.ClusterState.WaitingRequest;
import io.licenserelay.view.cluster.RelayNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cluster}: the relays that share the work, and who owns what. */
@Command(
        name = "cluster",
        description = {
            "Lists the relays that share the database, what each of them owns, what nobody owns, in which sites their"
                    + " configurations differ, and the requests that wait.",
            "With SQLite there is one relay, which owns everything."
        },
        exitCodeList = {
            "0:every site has an owner that is alive",
            "1:a site has no owner, a route of an owner does not run, or the database cannot be read",
            "2:bad configuration or options"
        },
        subcommands = ClusterCopyCommand.class)
final class ClusterCommand extends RelayCommand {
    private static final List<String> NODES = List.of("NODE", "HOST", "VERSION", "STATE", "SINCE", "CLOCK", "OWNS");
    private static final List<String> REQUESTS = List.of("SITE", "WORK", "CAUSE", "FROM", "SINCE", "TAKEN BY");

    /** The names in the column of what a node owns; {@code --json} has all. */
    private static final int MOST_NAMES = 8;

    /** The sites about which nodes do not agree; {@code --json} has all. */
    private static final int MOST_DIFFERENCES = 10;

    @Mixin
    private CommandOutput output;

    @Mixin
    private ColorOption color;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = folders.configuration();
        StoredState state = new StoredState(folders.data, configuration.cluster());
        ClusterNodes nodes = new ClusterNodes(state.toString(), configuration.sites());
        ClusterState found;
        try (Database database = state.reading().orElse(null)) {
            found = state.cluster().isPresent()
                    ? nodes.shared(state.cluster().get(), Optional.ofNullable(database))
                    : nodes.alone(
                            configuration.cluster().node(),
                            String.valueOf(HostName.of(Map.copyOf(System.getenv()))),
                            RelayVersion.text(),
                            DataFolder.isHeld(folders.data),
                            Optional.ofNullable(database));
        }
        output.print(() -> found, color.colored(out -> print(found, out)));
        return found.isHealthy() || !found.shared() ? 0 : CommandErrors.FAILED;
    }

    private static void print(ClusterState state, PrintWriter out) {
        List<RelayNode> nodes = state.nodes();
        List<SiteDifference> differences = state.differences();
        List<String> unowned = state.withoutOwner();
        if (!state.shared()) {
            RelayNode only = nodes.get(0);
            out.println("SQLite in " + state.store() + ": one node, " + only.name() + ", which "
                    + (only.alive() ? "is running" : "is not running") + " and owns all sites");
        } else {
            out.println(state.store());
            Table.print(NODES, nodes.stream().map(ClusterCommand::row).toList(), NODES.size(), out);
            out.println(
                    unowned.isEmpty()
                            ? Mark.OK.sign() + " each site has an owner"
                            : Mark.WARNING.sign() + " without an owner: " + String.join(", ", unowned));
        }
        differences.stream()
                .limit(MOST_DIFFERENCES)
                .forEach(each -> out.println(Mark.WARNING.sign() + " " + Table.plain(each.text())));
        if (differences.size() > MOST_DIFFERENCES) {
            out.println(Mark.WARNING.sign() + " the nodes differ in "
                    + Plural.of(differences.size() - MOST_DIFFERENCES, "further site") + "; --json lists all");
        }
        nodes.forEach(node -> node.refused()
                .ifPresent(refused -> out.println(
                        Mark.ERROR.sign() + " " + node.name() + " does not use all of its changed configuration since "
                                + refused.at() + ": " + Table.plain(refused.problems()))));
        nodes.forEach(node -> node.failedRoutes()
                .ifPresent(routes -> out.println(Mark.ERROR.sign() + " " + node.name()
                        + " cannot start or stop these routes: " + Table.plain(routes))));
        if (!state.requests().isEmpty()) {
            out.println();
            out.println("REQUESTS that wait or run");
            Table.print(
                    REQUESTS, state.requests().stream().map(ClusterCommand::row).toList(), REQUESTS.size(), out);
        }
    }

    private static List<String> row(RelayNode node) {
        List<String> owns = node.owns();
        String names = owns.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return List.of(
                node.name(),
                node.host(),
                node.version(),
                node.alive() ? "alive" : "ended",
                node.since() == null ? "" : Table.time(node.since()),
                (node.clockAheadMillis() > 0 ? "+" : "") + node.clockAheadMillis() + " ms",
                owns.size() + (owns.isEmpty() ? "" : ": " + names) + (owns.size() > MOST_NAMES ? ", …" : ""));
    }

    private static List<String> row(WaitingRequest request) {
        return List.of(
                request.site(),
                request.work(),
                request.cause(),
                request.requestedBy() == null ? "" : request.requestedBy(),
                Table.time(request.acceptedAt()),
                request.takenBy() == null ? "" : request.takenBy());
    }
}
