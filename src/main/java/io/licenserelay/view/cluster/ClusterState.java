package io.licenserelay.view.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.sync.request.RequestTable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relays that share the work, and who owns what. Its JSON is that of {@code cluster --json}: fields are added, never changed.
 *
 * @param store where the state is, for people
 * @param shared whether several relays can share the state
 * @param withoutOwner the sites that no relay that is alive owns, and {@code relay} for the publication of events
 * @param differences the sites about which the nodes that are alive do not agree
 * @param owners by site the owner and the epoch; empty for a single relay
 * @param requests requests of operators and commands that have no outcome
 */
public record ClusterState(
        String store,
        boolean shared,
        List<RelayNode> nodes,
        List<String> withoutOwner,
        List<Ownership> owners,
        @JsonIgnore List<SiteDifference> differences,
        List<WaitingRequest> requests) {

    /**
     * The owner of a site.
     *
     * @param node null while no node owns it
     * @param epoch rises with each change of the owner
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ownership(String site, @Nullable String node, long epoch) {}

    /** A request without an outcome; see {@link RequestTable.Waiting}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WaitingRequest(
            String site,
            String work,
            String cause,
            @Nullable String requestedBy,
            Instant acceptedAt,
            @Nullable String takenBy) {
        static WaitingRequest of(RequestTable.Waiting request) {
            return new WaitingRequest(
                    request.site(),
                    request.work(),
                    request.cause(),
                    request.requestedBy(),
                    request.acceptedAt(),
                    request.node());
        }
    }

    /** Whether each site has an owner whose routes all run. */
    @JsonIgnore
    public boolean isHealthy() {
        return withoutOwner.isEmpty()
                && nodes.stream().allMatch(node -> node.failedRoutes().isEmpty());
    }
}
