package io.licenserelay.app.member;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.store.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;

/** A real member of a cluster for which the time passes faster during which configurations differ. */
public record FasterComparison(Membership member, int factor) implements Membership {
    @Override
    public NodeConfigurations configurations() {
        NodeConfigurations real = member.configurations();
        return new NodeConfigurations() {
            @Override
            public List<SiteDifference> differences(Duration lasting) {
                return real.differences(lasting.dividedBy(factor));
            }

            @Override
            public Set<String> seenWithin(Duration time) {
                return real.seenWithin(time);
            }

            @Override
            public boolean agreed(String site) {
                return real.agreed(site);
            }

            @Override
            public boolean isElsewhere(String site) {
                return real.isElsewhere(site);
            }
        };
    }

    @Override
    public Database database() {
        return member.database();
    }

    @Override
    public String node() {
        return member.node();
    }

    @Override
    public Optional<ClusterView> cluster() {
        return member.cluster();
    }

    @Override
    public void beginAlone(OwnedWork work) {
        member.beginAlone(work);
    }

    @Override
    public void prepare(CamelContext context, RouteOwners routes) {
        member.prepare(context, routes);
    }

    @Override
    public void join(OwnedWork work) throws InterruptedException {
        member.join(work);
    }

    @Override
    public void exclusively(String key, Runnable change) throws InterruptedException {
        member.exclusively(key, change);
    }

    @Override
    public void leave() {
        member.leave();
    }

    @Override
    public void close() {
        member.close();
    }
}
