package io.licenserelay.app.member;

import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.store.postgres.PostgresDatabase;
import io.licenserelay.store.schema.Migrations;
import java.time.Clock;

/** A node of a cluster as a version of the relay with other migrations would be. */
public final class LaterMember {
    private LaterMember() {}

    public static Membership of(ClusterDatabase address, NodeIdentity identity, Clock clock, Migrations migrations) {
        return new ClusterMember(
                address,
                ClusterSettings.DEFAULT,
                identity,
                clock,
                (url, connection, leases) -> PostgresDatabase.open(url, connection, leases, migrations));
    }
}
