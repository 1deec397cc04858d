package io.licenserelay.cluster.route;

import java.util.List;
import java.util.Optional;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterView;

/** A key as Camel's cluster view: its leader is the owner of the key. Thread-safe. */
final class OwnershipView extends AbstractCamelClusterView {
    private final OwnershipClusterService service;

    OwnershipView(OwnershipClusterService service, String key) {
        super(service, key);
        this.service = service;
    }

    /** Of another node, as the database showed it some seconds ago at most; empty if no node owns the key. */
    @Override
    public Optional<CamelClusterMember> getLeader() {
        CamelClusterMember local = getLocalMember();
        if (local.isLeader()) {
            return Optional.of(local);
        }
        return service.otherOwner(getNamespace()).map(node -> new OwnershipMember(node, true, false));
    }

    @Override
    public CamelClusterMember getLocalMember() {
        return new OwnershipMember(service.nodeName(), service.runs(getNamespace()), true);
    }

    /** The nodes that are alive. */
    @Override
    public List<CamelClusterMember> getMembers() {
        String leader = getLeader().map(CamelClusterMember::getId).orElse("");
        return service.liveNodes().stream()
                .sorted()
                .<CamelClusterMember>map(
                        node -> new OwnershipMember(node, node.equals(leader), node.equals(service.nodeName())))
                .toList();
    }

    /** Is called on the queue of the key. */
    void owned() {
        fireLeadershipChangedEvent(new OwnershipMember(service.nodeName(), true, true));
    }

    /** Is called on the queue of the key. */
    @SuppressWarnings("NullAway") // The leader is null while there is none, as Camel's own views do it.
    void notOwned() {
        fireLeadershipChangedEvent((CamelClusterMember) null);
    }
}
