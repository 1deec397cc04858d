package io.licenserelay.app.member;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;

/** The only relay of its data folder: it works for every site, from its start to its end. */
public final class SingleRelay implements Membership {
    private final Database database;
    private final String node;

    /**
     * @param data a folder that the caller has locked
     * @param node the name of this relay
     */
    public SingleRelay(Path data, String node) {
        this.database = Database.open(data);
        this.node = node;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public Optional<ClusterView> cluster() {
        return Optional.empty();
    }

    @Override
    public NodeConfigurations configurations() {
        return new OnlyNode(node);
    }

    /** The configuration of a relay that shares its database with no other one. */
    private record OnlyNode(String node) implements NodeConfigurations {
        @Override
        public Set<String> seenWithin(Duration time) {
            return Set.of(node);
        }

        @Override
        public List<SiteDifference> differences(Duration lasting) {
            return List.of();
        }

        @Override
        public boolean agreed(String site) {
            return true;
        }

        @Override
        public boolean isElsewhere(String site) {
            return false;
        }
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public void beginAlone(OwnedWork work) {
        work.begin(Database.RELAY);
        work.keys().stream().filter(key -> !key.equals(Database.RELAY)).forEach(work::begin);
        work.collect();
    }

    @Override
    public void prepare(CamelContext context, RouteOwners routes) {}

    @Override
    public void join(OwnedWork work) {}

    @Override
    public void exclusively(String key, Runnable change) {
        change.run();
    }

    @Override
    public void leave() {}

    @Override
    public void close() {
        database.close();
    }
}
