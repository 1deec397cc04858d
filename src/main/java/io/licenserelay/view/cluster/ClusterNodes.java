package io.licenserelay.view.cluster;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.config.site.Site;
import io.licenserelay.incident.relay.RefusedConfiguration;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.sync.request.RequestTable;
import io.licenserelay.view.cluster.ClusterState.Ownership;
import io.licenserelay.view.cluster.ClusterState.WaitingRequest;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the relays that share the work, or the only relay of a data folder. */
public final class ClusterNodes {
    private static final String OWNERS = "SELECT site, node, epoch FROM site_owner ORDER BY site";

    private final String store;
    private final Collection<Site> sites;

    /**
     * @param store where the state is, for people
     * @param sites the sites of the configuration
     */
    public ClusterNodes(String store, Collection<Site> sites) {
        this.store = store;
        this.sites = sites;
    }

    /**
     * The nodes of a cluster.
     *
     * @param database the shared state; empty if no relay has created it yet
     * @throws StoreFailed if the state cannot be read
     */
    public ClusterState shared(ClusterView cluster, Optional<Database> database) {
        if (database.isEmpty()) {
            return state(true, List.of(), List.of(), database);
        }
        try {
            List<RefusedConfiguration> refusals = database.get().read(RefusedConfiguration::all);
            List<SiteDifference> differences = cluster.configurations().differences();
            List<RelayNode> nodes = cluster.nodes().stream()
                    .map(node -> RelayNode.of(node, differences, refusals))
                    .toList();
            return state(true, nodes, differences, database);
        } catch (SQLException e) {
            throw StoreFailed.ofServer(store, e);
        }
    }

    /**
     * The only relay of a data folder.
     *
     * @param alive whether it is running
     * @param database its state; empty if it has not created it yet
     */
    public ClusterState alone(String name, String host, String version, boolean alive, Optional<Database> database) {
        List<RefusedConfiguration> refusals =
                database.map(store -> store.read(RefusedConfiguration::all)).orElse(List.of());
        RelayNode node = RelayNode.only(name, host, version, alive, keys().toList(), refusals);
        return state(false, List.of(node), List.of(), database);
    }

    private ClusterState state(
            boolean shared, List<RelayNode> nodes, List<SiteDifference> differences, Optional<Database> database) {
        TreeSet<String> unowned = keys().collect(Collectors.toCollection(TreeSet::new));
        nodes.stream().filter(RelayNode::alive).forEach(node -> unowned.removeAll(node.owns()));
        List<WaitingRequest> requests = database.map(each -> each.read(RequestTable::waiting).stream()
                        .map(WaitingRequest::of)
                        .toList())
                .orElse(List.of());
        List<Ownership> owners = shared
                ? database.map(each -> each.read(tx -> tx.createQuery(OWNERS)
                                .map((row, context) -> new Ownership(
                                        row.getString("site"), row.getString("node"), row.getLong("epoch")))
                                .list()))
                        .orElse(List.of())
                : List.of();
        return new ClusterState(store, shared, nodes, List.copyOf(unowned), owners, differences, requests);
    }

    private Stream<String> keys() {
        return Stream.concat(sites.stream().map(Site::name), Stream.of(Database.RELAY));
    }
}
