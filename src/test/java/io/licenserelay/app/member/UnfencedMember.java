package io.licenserelay.app.member;

import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.store.postgres.UnfencedDatabase;
import java.time.Clock;

/** A node of a cluster that writes without a check of its ownership. */
public final class UnfencedMember {
    private UnfencedMember() {}

    public static Membership of(ClusterDatabase address, NodeIdentity identity, Clock clock) {
        return new ClusterMember(address, ClusterSettings.DEFAULT, identity, clock, UnfencedDatabase::open);
    }
}
