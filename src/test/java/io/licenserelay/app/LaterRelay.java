package io.licenserelay.app;

import io.licenserelay.app.member.FasterComparison;
import io.licenserelay.app.member.LaterMember;
import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.store.schema.Migrations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/** A relay of a cluster as a version with other migrations would be. */
public final class LaterRelay {
    private LaterRelay() {}

    /** The caller must have locked the data folder. */
    public static Relay of(Configuration configuration, Path data, Migrations migrations) throws IOException {
        return of(configuration, data, migrations, 1);
    }

    /** @param comparing by how much faster than in reality the time passes during which the configurations of the nodes differ */
    public static Relay of(Configuration configuration, Path data, Migrations migrations, int comparing)
            throws IOException {
        StoreSettings store = Objects.requireNonNull(configuration.cluster().store());
        Clock clock = Clock.systemUTC();
        NodeIdentity identity = new NodeIdentity(
                configuration.cluster().node(), "localhost", RelayVersion.text(), migrations.version());
        return new Relay(
                configuration,
                data,
                new FasterComparison(
                        LaterMember.of(
                                new ClusterDatabase(store.url(), store::connection), identity, clock, migrations),
                        comparing),
                clock);
    }
}
