package io.licenserelay.app;

import io.licenserelay.app.member.Membership;
import io.licenserelay.app.member.UnfencedMember;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.store.DataFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** A relay of a cluster whose writes check no owner. Its arguments are {@code run --config folder --data folder}. */
public final class UnfencedRelay {
    private UnfencedRelay() {}

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = Configuration.read(Path.of(arguments[2]), System.getenv(), Map.of());
        Clock clock = Clock.systemUTC();
        try (DataFolder data = DataFolder.take(Path.of(arguments[4])).orElseThrow();
                Relay relay =
                        new Relay(configuration, data.path(), membership(configuration.cluster(), clock), clock)) {
            relay.start(RouteFiles.overlaidBy(Path.of("routes")), true);
            new CountDownLatch(1).await();
        }
    }

    private static Membership membership(NodeSettings cluster, Clock clock) {
        StoreSettings store = Objects.requireNonNull(cluster.store());
        return UnfencedMember.of(
                new ClusterDatabase(store.url(), store::connection),
                new NodeIdentity(cluster.node(), "localhost", RelayVersion.text()),
                clock);
    }
}
