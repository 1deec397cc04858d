package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.NodeStatus;
import io.licenserelay.cluster.ServerInspection;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.HostName;
import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.files.SharedReportFolders;
import io.licenserelay.store.Database;
import io.licenserelay.store.folders.FolderNotShared;
import io.licenserelay.text.ShortText;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks the PostgreSQL database that relays share, and the relays that use it. Changes nothing. */
final class StoreDoctor {
    private static final ClusterSettings SETTINGS = ClusterSettings.DEFAULT;

    /** Of the sites that are listed for one node. */
    private static final int MAX_NAMES_LENGTH = 300;

    private final StoreSettings store;
    private final NodeSettings node;
    private final Clock clock;

    StoreDoctor(StoreSettings store, NodeSettings node, Clock clock) {
        this.store = store;
        this.node = node;
        this.clock = clock;
    }

    /** Checks the server. */
    List<CheckResult> server() {
        ServerInspection server;
        try {
            server = ServerInspection.of(new ClusterDatabase(store.url(), store::connection), SETTINGS, clock);
        } catch (SQLException e) {
            return List.of(CheckResult.bad(
                    Mark.ERROR,
                    "store",
                    "PostgreSQL at " + store.place() + " cannot be used: " + e.getMessage(),
                    "check that PostgreSQL runs, that this machine may connect (license-relay requirements lists the"
                            + " connections), and relay.store in relay.yaml"));
        }
        return List.of(version(server), clock(server), pooler(server));
    }

    private CheckResult version(ServerInspection server) {
        String what = "PostgreSQL " + server.version() + " at " + store.place() + ", "
                + server.tls().orElse("plain text on this machine");
        if (!server.supported()) {
            return CheckResult.bad(Mark.ERROR, "store", what + " is too old", "use PostgreSQL 14 or newer");
        }
        return server.readOnly()
                ? CheckResult.bad(
                        Mark.ERROR,
                        "store",
                        what + " is a read-only standby",
                        "set relay.store.url to the primary server, or list all servers")
                : CheckResult.ok("store", what);
    }

    private static CheckResult clock(ServerInspection server) {
        long millis = server.clockAhead().toMillis();
        String what = "the clock of this machine is " + Math.abs(millis) + " ms " + (millis < 0 ? "behind" : "ahead of")
                + " the clock of PostgreSQL";
        if (server.clockAhead().abs().compareTo(SETTINGS.clockWarning()) <= 0) {
            return CheckResult.ok("store-clock", what);
        }
        boolean refused = server.clockAhead().abs().compareTo(SETTINGS.clockLimit()) > 0;
        return CheckResult.bad(
                refused ? Mark.ERROR : Mark.WARNING, "store-clock", what, "synchronize both clocks by NTP");
    }

    private static CheckResult pooler(ServerInspection server) {
        return server.pooled()
                ? CheckResult.bad(
                        Mark.ERROR,
                        "store-pooler",
                        "relay.store.url leads to a pooler in transaction mode, which does not keep session locks",
                        "use the address of PostgreSQL itself, or a pooler in session mode")
                : CheckResult.ok("store-pooler", "each connection has a session of its own");
    }

    /**
     * Checks the relays that share the database, that each configured site has an owner, and that the relays have the configuration of this
     * machine.
     */
    List<CheckResult> nodes(ClusterView cluster, Configuration configuration) {
        List<NodeStatus> nodes;
        Map<String, Map<String, String>> sitesByNode;
        try {
            nodes = cluster.nodes();
            sitesByNode = cluster.sitesByNode();
        } catch (SQLException e) {
            return List.of(CheckResult.skipped("nodes", "the nodes cannot be read: " + e.getMessage()));
        }
        List<NodeStatus> live = nodes.stream().filter(NodeStatus::alive).toList();
        List<CheckResult> checks = new ArrayList<>(List.of(thisNode(live)));
        if (live.isEmpty()) {
            checks.add(CheckResult.skipped("nodes", "no relay of the cluster runs"));
            return checks;
        }
        checks.add(CheckResult.ok(
                "nodes",
                live.size() + " alive: "
                        + live.stream()
                                .map(each -> each.name() + " (" + each.version() + ")")
                                .collect(Collectors.joining(", "))));
        checks.add(owners(live, configuration.sites()));
        checks.add(configurations(configuration.digests(), sitesByNode));
        live.forEach(each -> each.failedRoutes().ifPresent(routes -> checks.add(failedRoutes(each, routes))));
        return checks;
    }

    /** Checks that this machine mounts the folders of reports that the relays use. */
    List<CheckResult> folders(Database state, Collection<Site> sites) {
        return sites.stream().map(site -> folders(state, site).of(site.name())).toList();
    }

    private CheckResult folders(Database state, Site site) {
        try {
            SharedReportFolders.verify(state, node.node(), site);
            return CheckResult.ok("folders", "the folders of reports are those that the relays share");
        } catch (FolderNotShared refused) {
            return CheckResult.bad(
                    Mark.ERROR,
                    "folders",
                    String.valueOf(refused.getMessage()),
                    "mount the folder of the other nodes on this machine");
        } catch (IOException unreadable) {
            return CheckResult.bad(
                    Mark.ERROR, "folders", unreadable.toString(), "give the relay's user access to the folder");
        }
    }

    private CheckResult thisNode(List<NodeStatus> live) {
        String host = String.valueOf(HostName.of(Map.copyOf(System.getenv())));
        return live.stream()
                .filter(each -> each.name().equals(node.node()))
                .findFirst()
                .map(each -> each.host().equals(host)
                        ? CheckResult.ok("node", node.node() + " runs on this machine since " + each.since())
                        : CheckResult.bad(
                                Mark.WARNING,
                                "node",
                                "a node named " + node.node() + " runs on " + each.host()
                                        + ", so no relay can start here with this configuration",
                                "set relay.node to another name on each machine"))
                .orElseGet(() -> CheckResult.ok("node", node.node() + " does not run; its name is free"));
    }

    private static CheckResult owners(List<NodeStatus> live, Collection<Site> sites) {
        TreeSet<String> without = Stream.concat(sites.stream().map(Site::name), Stream.of(Database.RELAY))
                .collect(Collectors.toCollection(TreeSet::new));
        live.forEach(each -> without.removeAll(each.keys()));
        return without.isEmpty()
                ? CheckResult.ok("owners", "each site has an owner")
                : CheckResult.bad(
                        Mark.WARNING,
                        "owners",
                        "no relay works for " + String.join(", ", without),
                        "a relay takes them within " + SETTINGS.takeover().toSeconds()
                                + " s; if it does not, bring the same relay.yaml and sites.d to all nodes");
    }

    /** Says nothing about which one is newer: the files of this machine may be changed, and not accepted yet. */
    private static CheckResult configurations(Map<String, String> here, Map<String, Map<String, String>> sitesByNode) {
        List<String> differences = new ArrayList<>();
        sitesByNode.forEach((node, sites) -> {
            TreeSet<String> all = new TreeSet<>(here.keySet());
            all.addAll(sites.keySet());
            String names = all.stream()
                    .filter(site -> !Objects.equals(here.get(site), sites.get(site)))
                    .map(site -> site
                            + (!sites.containsKey(site)
                                    ? " (only here)"
                                    : !here.containsKey(site) ? " (only there)" : ""))
                    .collect(Collectors.joining(", "));
            if (!names.isEmpty()) {
                differences.add(node + ": " + ShortText.of(names, MAX_NAMES_LENGTH));
            }
        });
        return differences.isEmpty()
                ? CheckResult.ok("configuration", "each relay that runs has the sites of this machine's files")
                : CheckResult.bad(
                        Mark.WARNING,
                        "configuration",
                        "the files of this machine differ from the configurations of the relays that run, in the sites of "
                                + String.join("; ", differences),
                        "bring the same relay.yaml and sites.d to all nodes; license-relay cluster shows which configuration"
                                + " is the newest");
    }

    private static CheckResult failedRoutes(NodeStatus node, String routes) {
        return CheckResult.bad(
                Mark.ERROR,
                "routes",
                "node " + node.name() + " cannot start or stop these routes: " + Objects.requireNonNull(routes),
                "see the log of that node; it tries again every "
                        + SETTINGS.heartbeat().toSeconds() + " s");
    }
}
