package io.licenserelay.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.app.RelayVersion;
import io.licenserelay.app.member.StoredState;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.NodeStatus;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.HostName;
import io.licenserelay.config.site.Site;
import io.licenserelay.incident.relay.RefusedConfiguration;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.request.RequestTable;
import io.licenserelay.text.Json;
import io.licenserelay.text.Plural;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /**
     * A relay that may work for the sites.
     *
     * @param since when it joined, or left or died; null if unknown
     */
    private record Node(
            String name,
            String host,
            String version,
            boolean alive,
            @Nullable Instant since,
            long clockAheadMillis,
            List<String> owns,
            Optional<String> failedRoutes,
            List<SiteDifference> differs,
            Optional<RefusedConfiguration> refused) {

        /** @param differences the sites about which the nodes that are alive do not agree */
        static Node of(NodeStatus node, List<SiteDifference> differences, List<RefusedConfiguration> refusals) {
            return new Node(
                    node.name(),
                    node.host(),
                    node.version(),
                    node.alive(),
                    node.alive() ? node.since() : node.stoppedAt().orElse(node.heartbeatAt()),
                    node.clockAhead().toMillis(),
                    node.keys(),
                    node.alive() ? node.failedRoutes() : Optional.empty(),
                    differences.stream()
                            .filter(each -> each.older().containsKey(node.name())
                                    || each.missing().contains(node.name()))
                            .toList(),
                    refusalOf(node.name(), refusals));
        }

        static Optional<RefusedConfiguration> refusalOf(String node, List<RefusedConfiguration> refusals) {
            return refusals.stream().filter(each -> each.node().equals(node)).findFirst();
        }

        ObjectNode toJson() {
            ObjectNode json = Json.object()
                    .put("name", name)
                    .put("host", host)
                    .put("version", version)
                    .put("alive", alive);
            Json.putText(json, alive ? "since" : "until", since);
            json.put("clockAheadMillis", clockAheadMillis).set("owns", Json.MAPPER.valueToTree(owns));
            json.set(
                    "failedRoutes",
                    failedRoutes
                            .map(routes -> Json.stored(routes, "the list of failed routes"))
                            .orElseGet(Json::object));
            json.set("configuration", configuration());
            return json;
        }

        private ObjectNode configuration() {
            ObjectNode json = Json.object();
            ArrayNode sites = json.putArray("differs");
            for (SiteDifference each : differs) {
                ObjectNode site = sites.addObject().put("site", each.site());
                Json.putText(site, "digest", each.older().get(name));
                site.put("newest", each.newest());
            }
            Json.putText(
                    json, "refusedAt", refused.map(RefusedConfiguration::at).orElse(null));
            Json.putText(
                    json,
                    "problems",
                    refused.map(RefusedConfiguration::problems).orElse(null));
            return json;
        }

        List<String> row() {
            String names = owns.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
            return List.of(
                    name,
                    host,
                    version,
                    alive ? "alive" : "ended",
                    since == null ? "" : Table.time(since),
                    (clockAheadMillis > 0 ? "+" : "") + clockAheadMillis + " ms",
                    owns.size() + (owns.isEmpty() ? "" : ": " + names) + (owns.size() > MOST_NAMES ? ", …" : ""));
        }
    }

    @Override
    public Integer call() throws Exception {
        Configuration configuration = folders.configuration();
        StoredState state = new StoredState(folders.data, configuration.cluster());
        List<Node> nodes;
        List<SiteDifference> differences;
        List<RequestTable.Waiting> requests;
        try (Database database = state.reading().orElse(null)) {
            List<RefusedConfiguration> refusals =
                    database == null ? List.of() : database.read(RefusedConfiguration::all);
            differences = database == null || state.cluster().isEmpty()
                    ? List.of()
                    : differences(state.cluster().get(), state);
            nodes = state.cluster().isEmpty()
                    ? List.of(onlyNode(configuration, refusals))
                    : database == null ? List.of() : nodes(state.cluster().get(), state, differences, refusals);
            requests = database == null ? List.of() : database.read(RequestTable::waiting);
        }
        List<String> unowned = unowned(configuration, nodes);
        boolean shared = state.cluster().isPresent();
        output.print(
                () -> json(shared, state, nodes, unowned, requests),
                color.colored(out -> print(shared, state, nodes, unowned, differences, requests, out)));
        boolean healthy = unowned.isEmpty() && nodes.stream().allMatch(node -> node.failedRoutes.isEmpty());
        return healthy || !shared ? 0 : CommandErrors.FAILED;
    }

    private static List<SiteDifference> differences(ClusterView cluster, StoredState state) {
        try {
            return cluster.configurations().differences();
        } catch (SQLException e) {
            throw StoreFailed.ofServer(state.toString(), e);
        }
    }

    private static List<Node> nodes(
            ClusterView cluster,
            StoredState state,
            List<SiteDifference> differences,
            List<RefusedConfiguration> refusals) {
        try {
            return cluster.nodes().stream()
                    .map(node -> Node.of(node, differences, refusals))
                    .toList();
        } catch (SQLException e) {
            throw StoreFailed.ofServer(state.toString(), e);
        }
    }

    private Node onlyNode(Configuration configuration, List<RefusedConfiguration> refusals) throws DataFolder.Unusable {
        return new Node(
                configuration.cluster().node(),
                String.valueOf(HostName.of(Map.copyOf(System.getenv()))),
                RelayVersion.text(),
                DataFolder.isHeld(folders.data),
                null,
                0,
                keys(configuration).toList(),
                Optional.empty(),
                List.of(),
                Node.refusalOf(configuration.cluster().node(), refusals));
    }

    private static Stream<String> keys(Configuration configuration) {
        return Stream.concat(configuration.sites().stream().map(Site::name), Stream.of(Database.RELAY));
    }

    private static List<String> unowned(Configuration configuration, List<Node> nodes) {
        TreeSet<String> keys = keys(configuration).collect(Collectors.toCollection(TreeSet::new));
        nodes.stream().filter(Node::alive).forEach(node -> keys.removeAll(node.owns));
        return List.copyOf(keys);
    }

    private static ObjectNode json(
            boolean shared,
            StoredState state,
            List<Node> nodes,
            List<String> unowned,
            List<RequestTable.Waiting> requests) {
        ObjectNode json = Json.object().put("store", state.toString()).put("shared", shared);
        ArrayNode all = json.putArray("nodes");
        nodes.forEach(node -> all.add(node.toJson()));
        json.set("withoutOwner", Json.MAPPER.valueToTree(unowned));
        ArrayNode waiting = json.putArray("requests");
        for (RequestTable.Waiting each : requests) {
            ObjectNode request = waiting.addObject()
                    .put("site", each.site())
                    .put("work", each.work())
                    .put("cause", each.cause());
            Json.putText(request, "requestedBy", each.requestedBy());
            request.put("acceptedAt", each.acceptedAt().toString());
            Json.putText(request, "takenBy", each.node());
        }
        return json;
    }

    private static void print(
            boolean shared,
            StoredState state,
            List<Node> nodes,
            List<String> unowned,
            List<SiteDifference> differences,
            List<RequestTable.Waiting> requests,
            PrintWriter out) {
        if (!shared) {
            Node only = nodes.get(0);
            out.println("SQLite in " + state + ": one node, " + only.name + ", which "
                    + (only.alive ? "is running" : "is not running") + " and owns all sites");
        } else {
            out.println(state);
            Table.print(NODES, nodes.stream().map(Node::row).toList(), NODES.size(), out);
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
        nodes.forEach(node -> node.refused.ifPresent(refused -> out.println(
                Mark.ERROR.sign() + " " + node.name + " does not use all of its changed configuration since "
                        + refused.at() + ": " + Table.plain(refused.problems()))));
        nodes.forEach(node -> node.failedRoutes.ifPresent(routes -> out.println(
                Mark.ERROR.sign() + " " + node.name + " cannot start or stop these routes: " + Table.plain(routes))));
        if (!requests.isEmpty()) {
            out.println();
            out.println("REQUESTS that wait or run");
            Table.print(REQUESTS, requests.stream().map(ClusterCommand::row).toList(), REQUESTS.size(), out);
        }
    }

    private static List<String> row(RequestTable.Waiting request) {
        return List.of(
                request.site(),
                request.work(),
                request.cause(),
                request.requestedBy() == null ? "" : request.requestedBy(),
                Table.time(request.acceptedAt()),
                request.node() == null ? "" : request.node());
    }
}
