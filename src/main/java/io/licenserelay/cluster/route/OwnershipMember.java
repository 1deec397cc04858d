package io.licenserelay.cluster.route;

import org.apache.camel.cluster.CamelClusterMember;

/** A node as Camel sees it, for one key. */
record OwnershipMember(String id, boolean leader, boolean local) implements CamelClusterMember {
    @Override
    public String getId() {
        return id;
    }

    @Override
    public boolean isLeader() {
        return leader;
    }

    @Override
    public boolean isLocal() {
        return local;
    }
}
